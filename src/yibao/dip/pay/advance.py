"""The prepayment (预付金) at the beginning of a year: about a month of fund payment, by reserve and risk (F15), as the region's table says.

Amounts are a share, or so many months (twelfths), of what the pool booked for a hospital last year. The first row of the table that fits
counts. What a row asks for and nobody supplied is refused with the name of whom it is about: a prepayment by guess is money lent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from yibao.dip.pay.cases import Row, decimal, summed
from yibao.dip.pay.money import fen
from yibao.dip.pay.owed import advance_rows
from yibao.dip.pay.shapes import AdvanceRow
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.money import Fen, in_unit
from yibao.store.workspace import Workspace

READ = ("dip_ratings", "dip_reserves")
_RATINGS = "SELECT r.provider_code, r.risk_level, r.credit_grade FROM dip_ratings AS r WHERE r.service_year = $year"
_RESERVES = (
    "SELECT f.insurance_type, f.reserve_months, f.fund_risk_level FROM dip_reserves AS f WHERE f.service_year = $year"
)
Facts = Mapping[str, Any]
#: a condition of a row → where its fact stands, and how a message calls it
_OF_HOSPITAL: Mapping[str, tuple[str, str]] = {
    "risk": ("risk_level", "风险等级"),
    "grade": ("credit_grade", "信用等级"),
}
_OF_FUND: Mapping[str, tuple[str, str]] = {"fund_risk": ("fund_risk_level", "基金风险等级"), "reserve_below": ("reserve_months", "基金结余可支付月数")}  # fmt: skip


def advances(workspace: Workspace, terms: Terms, year: int, last: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """What is prepaid for a year, rows of dip_payables, and what each row of the table came to; `last`: the stays of the year before.

    UserError where a level is missing.
    """
    table = terms.advance
    booked = summed([{**row, "points": Decimal(0)} for row in last])
    asked = [(insurance, provider) for insurance, of in booked.items() for provider in of]
    fits = _all_chosen(workspace, table, year, asked)
    found: list[Row] = []
    given: dict[AdvanceRow, list[int]] = {row: [] for row in table}
    for insurance, of in booked.items():
        amounts = {provider: fen(one.booked_pay * fits[insurance, provider].part) for provider, one in of.items()}
        for provider, amount in amounts.items():
            given[fits[insurance, provider]].append(amount)
        found += advance_rows(terms, year, insurance, amounts)
    said = [f"预付金第 {n} 行（{said_of(row)}）：{len(of):,} 笔，共 {in_unit(Fen(sum(of))):,.2f} 元。" for n, (row, of) in enumerate(given.items(), 1)]  # fmt: skip
    return found, said if len(table) > 1 else []


def _all_chosen(
    workspace: Workspace, table: Sequence[AdvanceRow], year: int, asked: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], AdvanceRow]:
    """The row of each insurance type and hospital; UserError with the first fact that is missing, and how many more are."""
    ratings = {row["provider_code"]: row for row in workspace.query(_RATINGS, year=year).read_all().to_pylist()}
    reserves = {row["insurance_type"]: row for row in workspace.query(_RESERVES, year=year).read_all().to_pylist()}
    found, missing = {}, []
    for insurance, provider in asked:
        facts = ratings.get(provider, {}), reserves.get(insurance, {})
        try:
            found[insurance, provider] = chosen(table, year, provider, insurance, *facts)
        except UserError as error:
            missing.append(error.sentence)
    if missing:
        more = len(set(missing)) - 1
        raise UserError(f"{missing[0]}像这样的还有 {more:,} 处。" if more else missing[0])
    return found


def said_of(row: AdvanceRow) -> str:
    """A row in words."""
    parts = [f"{label}{'、'.join(of)}" for label, of in (("风险等级", row.risk), ("信用等级", row.grade), ("基金风险等级", row.fund_risk)) if of]  # fmt: skip
    if row.reserve_below is not None:
        parts.append(f"结余{'不超过' if row.inclusive else '不足'} {row.reserve_below} 个月")
    much = f"{row.months} 个月" if row.months is not None else f"上年记账的 {row.share}"
    return f"{'，'.join(parts) or '其余'}：{much}"


def chosen(
    table: Sequence[AdvanceRow], year: int, provider: str, insurance: str, rating: Facts, reserve: Facts
) -> AdvanceRow:
    """The first row that fits a hospital and the fund of its scheme."""
    for row in table:
        if all(_fits(row, name, year, provider, insurance, rating, reserve) for name in (*_OF_HOSPITAL, *_OF_FUND)):
            return row
    raise UserError(
        f"参数 dip.advance 没有一行适合定点机构 {provider} 险种 {insurance}，{year} 年的预付金算不出。请核对它的风险等级、信用等级和基金结余月数。"
    )


def _fits(
    row: AdvanceRow, name: str, year: int, provider: str, insurance: str, rating: Facts, reserve: Facts
) -> bool:  # fmt: skip
    wanted = getattr(row, name)
    if wanted is None:
        return True
    if name in _OF_HOSPITAL:
        column, label = _OF_HOSPITAL[name]
        fact, of, table = rating.get(column), f"定点机构 {provider} ", "DIP机构评级"
    else:
        column, label = _OF_FUND[name]
        fact, of, table = reserve.get(column), f"险种 {insurance} ", "DIP基金结余"
    if fact is None:
        raise UserError(
            f"“{table}”表里没有{of}{year} 年的{label}，参数 dip.advance 按它定预付金，算不出。请补上后再运行。"
        )
    if name != "reserve_below":
        return fact in wanted
    months = decimal(fact)
    return months < wanted or (row.inclusive and months == wanted)
