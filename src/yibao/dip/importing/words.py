"""The words of a catalogue's cells: layers, kinds of treatment, levels, conditions; why a row is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from yibao.dip.expressions import narrow
from yibao.dip.pack import condition

LABELS: Mapping[str, str] = {
    "seq": "序号",
    "layer": "类型",
    "principal_dx": "主要诊断编码",
    "other_dx": "其他诊断编码",
    "proc_expr": "手术操作编码",
    "related_proc": "相关手术操作编码",
    "condition": "条件",
    "kind": "治疗方式",
    "level": "手术级别",
    "score": "分值",
    "mean_cost": "次均费用",
    "code": "编码",
    "rule": "处理规则",
    "dx_range": "限定主诊断范围",
    "name": "名称",
}
_KINDS = (
    ("conservative", ("conservative", "保守", "内科", "0")),
    ("diagnostic", ("diagnostic", "诊断", "1")),
    ("therapeutic", ("therapeutic", "治疗性", "2")),
    ("surgery", ("surgery", "相关手术", "手术", "3")),
)
_LAYERS = (
    ("XQ", ("xq", "先期")),
    ("BX", ("bx", "并项")),
    ("FZ", ("fz", "诊断辅助", "辅助细分", "烧伤", "肿瘤", "结核")),
    ("JC", ("jc", "基本", "基础规则")),
    ("comprehensive", ("comprehensive", "综合")),
    ("primary", ("primary", "基层")),
    ("core", ("core", "核心")),
    ("last", ("last", "保底", "空白")),
)
_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4}
AGE = re.compile(r"(<=|<|≤|小于等于|不超过|小于)(\d+)(?:天|日|d)?")
_WEIGHT = re.compile(r"(\d+)-(\d+)(?:g|克)?")
_ANY_MAIN = re.compile(r"不(?:限定?|要求|必)(?:为|是)?主要手术|ANY_PROC")
IN_RANGE = re.compile(r"(.+?)作为主要诊断,?可作为主要手术操作")


class Refused(Exception):
    """Why a row is refused, and in which column."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def conditions(cells: Mapping[str, str], first: str) -> str:
    """The columns of conditions as one; a remark that is no condition is none."""
    parts = [first, cells.get("age", "")]
    said = narrow(cells.get("condition", ""))
    own = [part for part in said.split(";") if part]
    try:
        condition(said)
    except ValueError:
        own = ["ANY_PROC"] if _ANY_MAIN.search(said) else []
    for part in map(narrow, parts):
        if age := AGE.fullmatch(part):
            own.append(f"age_day{'<' if age[1] in ('<', '小于') else '<='}{age[2]}")
        elif part:
            raise Refused("condition", f"看不懂的天龄“{part}”")
    weight = narrow(cells.get("weight", ""))
    if weight:
        if not (span := _WEIGHT.fullmatch(weight)):
            raise Refused("condition", f"看不懂的出生体重“{weight}”")
        own.append(f"weight={span[1]}-{span[2]}")
    resistant = narrow(cells.get("resistant", ""))
    if resistant:
        if resistant not in ("是", "否"):
            raise Refused("condition", f"是否耐药应是“是”或“否”，不能是“{resistant}”")
        own.append(f"TB_RESIST={'Y' if resistant == '是' else 'N'}")
    return ";".join(dict.fromkeys(own))


def kind_word(cell: str, interventional: str) -> str:
    """The kind of treatment that a cell means, empty for an empty one."""
    text = narrow(cell).lower()
    if not text:
        return ""
    if text.startswith("介入"):
        return interventional
    for kind, starts in _KINDS:
        if any(text == s if s.isdigit() else text.startswith(s) for s in starts):
            return kind
    raise Refused("kind", f"看不懂的治疗方式“{cell}”，应是保守治疗、诊断性操作、治疗性操作、相关手术")


def level_word(cell: str) -> str:
    """一级, 三 or 4 as a digit; none for an operation that has no level (often written 0)."""
    text = narrow(cell).removesuffix("手术").removesuffix("级")
    if text in ("", "0", "无", "-", "/"):
        return ""
    number = _LEVELS.get(text) or (int(text) if text.isdigit() else 0)
    if not 1 <= number <= 4:
        raise Refused("level", f"看不懂的手术级别“{cell}”，应是一级至四级")
    return str(number)


def layer_word(text: str) -> str:
    """The layer that a cell, a number or the name of a sheet means; empty where it means none."""
    said = narrow(text).lower()
    return next((layer for layer, words in _LAYERS if any(word in said for word in words)), "") if said else ""


def number(cell: str, column: str) -> str:
    """A decimal as it stands, without thousands separators."""
    text = narrow(cell).replace(",", "")
    if not text:
        return ""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise Refused(column, f"“{cell}”应是不小于零的数")
    return text
