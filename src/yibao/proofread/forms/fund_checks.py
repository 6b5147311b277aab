"""The identities of a fund table (guide §6.2), each for every series: fund, part, year and basis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.arithmetic import add_up, at_most, combine, same
from yibao.proofread.forms.fund_rows import BALANCES, EXPENSE, FUND_NAMES, INCOME, FundRow, Side, part_in
from yibao.proofread.forms.grid import Number

_SIDE_NAME = {INCOME: "收入", EXPENSE: "支出"}
_TRANSFERS = {INCOME: ("from_above", "from_below"), EXPENSE: ("to_below", "to_above")}


class SeriesKey(NamedTuple):
    """What one column of figures is about. `rest` are header words that say neither year, basis nor fund."""

    fund: str
    part: str
    year: int | None
    basis: str
    rest: str


@dataclass(slots=True)
class Terms:
    """The numbers of one side that add up: items make the subtotal, transfers and extras stand beside it."""

    items: list[Number] = field(default_factory=list)
    extras: list[Number] = field(default_factory=list)
    loose: list[Number] = field(default_factory=list)


@dataclass(slots=True)
class Series:
    """All figures of one fund, part, year and basis."""

    key: SeriesKey
    header: str
    is_total: bool = False
    cells: dict[str, Number] = field(default_factory=dict)
    sides: dict[str, Terms] = field(default_factory=dict)
    children: list[tuple[str, Number, list[Number], bool]] = field(
        default_factory=list
    )  #: role, whole, parts, complete

    def add(self, side: str, group: Side, number: Callable[[FundRow], Number | None]) -> None:
        """Take over what adds up on one side."""
        if side:
            own = self.sides.setdefault(side, Terms())
            for rows, numbers in ((group.items, own.items), (group.extras, own.extras), (group.loose, own.loose)):
                numbers.extend(n for row in rows if (n := number(row)) is not None)
        for parent, rows in group.children:
            whole = number(parent)
            parts = [n for row in rows if (n := number(row)) is not None]
            named = {part_in(row.row.name) for row in rows}
            if whole is not None and parts:
                self.children.append((parent.role, whole, parts, named == {"统筹", "个人账户"}))

    def add_column(self, role: str, number: Number, *, subset: bool) -> None:
        """A figure that a one-row-per-fund table prints in a column of its own: an item, or part of the total."""
        side = role.partition(".")[0]
        total = self.total(side)
        if not subset:
            self.sides.setdefault(side, Terms()).items.append(number)
        elif total is not None:
            self.children.append((f"{side}.total", total, [number], False))

    @property
    def name(self) -> str:
        return "，".join(p for p in (FUND_NAMES.get(self.key.fund, ""), self.key.part, self.header) if p)

    def total(self, side: str) -> Number | None:
        """合计; where only 小计 or 总计 is printed, that."""
        names = [f"{side}.total", f"{side}.subtotal"]
        if not (self.cells.get("opening") or self.cells.get("closing")):
            names.append(f"{side}.grand")
        return next((self.cells[n] for n in names if n in self.cells), None)


def fund_checks(series: dict[SeriesKey, Series]) -> list[Check]:
    """Every identity that the printed rows allow."""
    found: list[Check | None] = []
    for one in series.values():
        for side in (INCOME, EXPENSE):
            found.extend(_side_checks(one, side))
        found.extend(_balance_checks(one))
        found.extend(_child_checks(one))
    found.extend(_carry_forward(series))
    found.extend(_over_parts(series))
    found.extend(_over_funds(series))
    return [check for check in found if check is not None]


def _side_checks(one: Series, side: str) -> Iterator[Check | None]:
    """小计 = Σ items; 合计 = 小计 + transfers; without 小计, 合计 = Σ items + transfers."""
    terms = one.sides.get(side, Terms())
    kind, word = f"fund_{side}_sum", _SIDE_NAME[side]
    subtotal, total = one.cells.get(f"{side}.subtotal"), one.cells.get(f"{side}.total")
    transfers = [one.cells.get(f"{side}.{t}") for t in _TRANSFERS[side]]
    if subtotal is not None:
        if terms.items or terms.loose:
            yield _shown_at(
                _sum(kind, subtotal, terms.items, terms.loose, f"{word}小计（{one.name}）"), subtotal, total
            )
        if total is not None:
            yield add_up(
                "fund_total=subtotal", total, [subtotal, *transfers, *terms.extras], f"{word}合计（{one.name}）"
            )
    elif total is not None and (terms.items or len(terms.loose) > 1):
        parts = [*terms.items, *transfers, *terms.extras]
        yield _sum(kind, total, [p for p in parts if p is not None], terms.loose, f"{word}合计（{one.name}）")


def _sum(kind: str, target: Number, items: list[Number], loose: list[Number], subject: str) -> Check | None:
    """Σ items; unnumbered rows that may or may not belong to the sum are tried both ways."""
    plain = add_up(kind, target, items, subject)
    if not loose or (plain is not None and plain.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING)):
        return plain
    wide = add_up(kind, target, [*items, *loose], subject)
    if wide is None or wide.verdict is not Verdict.INCONSISTENT:
        return wide
    return replace(
        wide, verdict=Verdict.UNCHECKABLE, cause="", message=f"{wide.message}（部分行是否计入不明，不作结论）"
    )


def _shown_at(check: Check | None, subtotal: Number, total: Number | None) -> Check | None:
    """A sum that holds stands at the 合计 above that repeats it; one that fails stands where it fails."""
    if check is None or total is None:
        return check
    above = total.key < subtotal.key
    if check.verdict is Verdict.CONSISTENT and total.value == subtotal.value and above:
        return replace(check, evidence=total.evidence, related=(subtotal.evidence, *check.related))
    return replace(check, related=(*check.related, total.evidence))


def _balance_checks(one: Series) -> Iterator[Check | None]:
    """当期 = 收入 - 支出; 期末 = 期初 + 当期; two-sided: 总计 = 合计 + 上年结余, and both 总计 equal."""
    cells, income, expense = one.cells, one.total(INCOME), one.total(EXPENSE)
    balance, opening, closing = (cells.get(r) for r in ("balance", "opening", "closing"))
    if income is not None and expense is not None:
        yield combine("fund_balance", balance, [(1, income), (-1, expense)], f"当期收支结余（{one.name}）")
    if opening is not None and balance is not None:
        yield combine("fund_closing", closing, [(1, opening), (1, balance)], f"期末结余（{one.name}）")
    elif opening is not None and income is not None and expense is not None:
        terms = [(1, opening), (1, income), (-1, expense)]
        yield combine("fund_closing", closing, terms, f"期末结余（{one.name}）")
    left, right = cells.get("income.grand"), cells.get("expense.grand")
    if left is not None and right is not None:
        yield same("table_balance", left, right, f"收入总计与支出总计（{one.name}）")
        yield (
            add_up("table_sum", left, [cells.get("income.total"), opening], f"收入总计（{one.name}）")
            if opening
            else None
        )
        yield (
            add_up("table_sum", right, [cells.get("expense.total"), closing], f"支出总计（{one.name}）")
            if closing
            else None
        )


def _child_checks(one: Series) -> Iterator[Check | None]:
    """其中 rows stay below their row; 统筹 and 个人账户 together make it up."""
    for role, whole, parts, complete in one.children:
        subject = f"{whole.label}（{one.name}）"
        if complete:
            yield add_up("table_sum", whole, list(parts), subject)
        elif role not in BALANCES:
            yield at_most("subset_sum", whole, list(parts), subject)


def _carry_forward(series: dict[SeriesKey, Series]) -> Iterator[Check | None]:
    """期初 of a year = 期末 of the final account of the year before. A budget is often made before that is known."""
    closings = {
        (k.fund, k.part, k.rest, k.year): s.cells.get("closing") for k, s in series.items() if k.basis == "final"
    }
    for key, one in series.items():
        before = None if key.year is None else closings.get((key.fund, key.part, key.rest, key.year - 1))
        check = same("carry_forward", one.cells.get("opening"), before, f"期初余额（{one.name}）与上年期末")
        if check is not None and check.verdict is Verdict.INCONSISTENT and key.basis != "final":
            check = replace(
                check, verdict=Verdict.SUSPICIOUS, severity=Severity.WARNING, cause="预算编制时上年决算可能未定"
            )
        yield check


def _over_parts(series: dict[SeriesKey, Series]) -> Iterator[Check | None]:
    """合计 = 统筹 + 个人账户, figure by figure."""
    for key, one in series.items():
        if key.part:
            continue
        both = [series.get(key._replace(part=p)) for p in ("统筹", "个人账户")]
        if None in both:
            continue
        for role, whole in one.cells.items():
            parts = [s.cells.get(role) for s in both if s is not None]
            if all(p is not None for p in parts):
                yield add_up("table_sum", whole, parts, f"{whole.label}（{one.name}）")


def _over_funds(series: dict[SeriesKey, Series]) -> Iterator[Check | None]:
    """A total over the funds. Where no figure adds up, the table leaves funds out, and nothing is proven."""
    for key, one in series.items():
        if key.fund or key.part or not one.is_total:
            continue
        funds = [s for k, s in series.items() if k.fund and not k.part and (k.year, k.basis) == (key.year, key.basis)]
        checks = [check for role, whole in one.cells.items() if (check := _over(funds, role, whole, one.name))]
        complete = any(c.verdict is Verdict.CONSISTENT for c in checks)
        for check in checks:
            if complete or check.verdict is not Verdict.INCONSISTENT:
                yield check
            else:
                message = f"{check.message}（所列险种可能不全，不作结论）"
                yield replace(check, verdict=Verdict.UNCHECKABLE, cause="", message=message)


def _over(funds: list[Series], role: str, whole: Number, name: str) -> Check | None:
    parts = [s.cells.get(role) for s in funds]
    if len(parts) < 2 or None in parts:
        return None
    return add_up("table_sum", whole, parts, f"{whole.label}（{name}）")
