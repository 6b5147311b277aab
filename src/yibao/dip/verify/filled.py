"""Sheets as different cities send them, made alike: columns that are not there, cells left empty, hospitals by name, stays by their visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yibao.dip.verify.found import CLEARING, MONTHLY, RESULTS, VALUES, Row

Absent = frozenset[tuple[str, str]]  #: sheet and column of which no row says anything
NO_GROUP = frozenset({"", "未入组", "无", "-", "—", "/", "0"})  #: what cities write for a stay without a group
ONE = 1_000_000  #: a coefficient of 1
#: what a column is called where it is said that it is not there
COLUMN_LABELS = {
    "dip_group_code": "病种编码", "institution_coefficient": "机构系数", "auxiliary_coefficient": "辅助分型系数", "auxiliary_subtype": "辅助分型",
    "deviation_ratio": "费用偏差率", "deviation_band": "偏差类型", "deviation_factor": "偏差系数", "total_fee": "医疗费总额", "booked_pay": "统筹记账金额",
    "patient_share": "参保人负担金额", "preliminary_point_value": "预算点值", "preliminary_pay_ratio": "预算支付比例", "quality_deposit": "质量保证金",
    "dip_paid": "实拨金额", "case_count": "病例数", "dip_points": "结算点数", "dip_fund": "年度DIP基金总额", "dip_pay_ratio": "支付比例",
    "sharing_amount": "结余留用与超支分担", "assessment_coefficient": "考核系数", "audit_deduction": "审核扣款", "monthly_paid": "已拨月预结算",
    "advance_paid": "已拨预付金", "clearing_balance": "清算应补拨", "dip_payable": "应付金额", "region_mean_cost": "区域次均费用",
}  # fmt: skip
_AMOUNTS = ("total_fee", "booked_pay", "patient_share", "dip_points")
#: what an empty cell counts as: an amount nothing, a coefficient 1. A column that is empty throughout is in `Absent` and is not compared
EMPTY: Mapping[str, Mapping[str, Any]] = {
    RESULTS: {
        "diagnosis_code": "", "institution_coefficient": ONE, "auxiliary_coefficient": ONE, "deviation_factor": ONE,
        "deviation_band": "normal", **dict.fromkeys((*_AMOUNTS, "dip_payable"), 0),
        "preliminary_point_value": 0, "preliminary_pay_ratio": ONE,
    },
    MONTHLY: {
        "preliminary_point_value": 0, "preliminary_pay_ratio": ONE,
        **dict.fromkeys((*_AMOUNTS, "case_count", "quality_deposit", "audit_deduction", "dip_paid"), 0),
    },
    VALUES: dict.fromkeys(
        (*_AMOUNTS, "region_mean_cost", "case_count", "preliminary_point_value", "preliminary_pay_ratio", "dip_fund", "dip_pay_ratio"), 0
    ),
    CLEARING: {
        "assessment_coefficient": ONE,
        **dict.fromkeys((*_AMOUNTS, "case_count", "sharing_amount", "audit_deduction", "monthly_paid", "advance_paid", "clearing_balance"), 0),
    },
}  # fmt: skip


#: of the results: empty means something there, and nothing is put in its place
_MAY_BE_EMPTY = ("deviation_ratio", "auxiliary_subtype", "dip_group_code", "dip_layer", "operation_expression")


def absent_of(sheet: str, rows: Sequence[Row]) -> Absent:
    """The columns of a sheet of which no row says anything; none where there are no rows."""
    if not rows:
        return frozenset()
    columns = (*EMPTY[sheet], *(_MAY_BE_EMPTY if sheet == RESULTS else ()))
    return frozenset((sheet, name) for name in columns if all(row.get(name) is None for row in rows))


def fill(sheet: str, rows: Sequence[Row]) -> Iterator[Row]:
    """The rows without empty cells, where empty has a meaning."""
    empty = EMPTY[sheet]
    for row in rows:
        if sheet == RESULTS and (row["dip_group_code"] in NO_GROUP or row["dip_layer"] == ""):
            row = {**row, "dip_group_code": None if row["dip_group_code"] in NO_GROUP else row["dip_group_code"], "dip_layer": row["dip_layer"] or None}  # fmt: skip
        lacking = {name: value for name, value in empty.items() if row.get(name) is None}
        yield {**row, **lacking} if lacking else row


def by_code(rows: Sequence[Row], providers: Sequence[Row]) -> Iterator[Row]:
    """A hospital's name in place of its code gives way to the code, where one hospital alone has that name."""
    codes = {row["provider_code"] for row in providers}
    named: dict[str, list[str]] = {}
    for row in providers:
        named.setdefault(row["provider_name"], []).append(row["provider_code"])
    for row in rows:
        found = named.get(row["provider_code"], ()) if row["provider_code"] not in codes else ()
        yield {**row, "provider_code": found[0]} if len(found) == 1 else row


def names_visits(rows: Sequence[Row], settled: Mapping[str, Row], visits: Sequence[Row]) -> bool:
    """Does the column of settlements hold visits? Numbers of both kinds may coincide, so a sheet with a column of visits is taken at its word.

    `settled`: settlements that the column names, `visits`: those of the visits that it names, if visits they are.
    """
    names = {row["settlement_id"] for row in rows}
    may = all(row["visit_id"] is None for row in rows)
    return may and len(names & {one["visit_id"] for one in visits}) > len(names & settled.keys())


def by_settlement(rows: Sequence[Row], settled: Mapping[str, Row], visits: Sequence[Row]) -> Iterator[Row]:
    """Stays named by their visits get its settlement, the last (`visits`); those without a visit get that of their settlement."""
    of_visit: dict[str, Row] = {}
    for one in sorted(visits, key=lambda one: one["settlement_time"]):
        of_visit[one["visit_id"]] = one
    for row in rows:
        key, visit = row["settlement_id"], row["visit_id"]
        if key in of_visit:
            yield {**row, "settlement_id": of_visit[key]["settlement_id"], "visit_id": key}
        elif visit is None:
            yield {**row, "visit_id": settled[key]["visit_id"] if key in settled else key}
        else:
            yield row
