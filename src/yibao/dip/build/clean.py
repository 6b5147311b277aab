"""Why a stay is not counted: each has one reason, the first that holds, and none is left out untold."""

from __future__ import annotations

from enum import IntEnum


class Reason(IntEnum):
    """In the order in which they are asked."""

    COUNTED = 0
    OTHER_HOSPITAL = 1
    NO_DIAGNOSIS = 2
    UNREAD_DIAGNOSIS = 3
    NOT_GROUPABLE = 4
    UNREAD_OPERATION = 5
    NO_COST = 6
    TOO_LONG = 7


SAID: dict[Reason, str] = {
    Reason.COUNTED: "用于目录",
    Reason.OTHER_HOSPITAL: "机构不按病种付费",
    Reason.NO_DIAGNOSIS: "没有主要诊断",
    Reason.UNREAD_DIAGNOSIS: "主要诊断编码读不出来",
    Reason.NOT_GROUPABLE: "主要诊断在不纳入分组的名单上",
    Reason.UNREAD_OPERATION: "主要手术操作编码读不出来",
    Reason.NO_COST: "没有费用，或费用不大于零",
    Reason.TOO_LONG: "住院天数超过上限",
}
