"""征缴进度: how far a benefit year is paid for on a day, town by town, in order, beside the same day a year before."""

from __future__ import annotations

from datetime import date
from typing import Any

from yibao.enrol.rules import Book, window
from yibao.enrol.texts import rows
from yibao.enrol.words import as_of, read_from, rules_of
from yibao.store.listing import Headings, Listing, rate_of
from yibao.store.workspace import Workspace


def progress(workspace: Workspace, book: Book, year: int, on: date) -> Listing:
    """Towns by their share of last year's residents, still alive, who have paid again; who paid for the first time stands beside."""
    span = window(book, year)
    found = rows(
        workspace, "collected_by_town", year=year, year_before=year - 1, on_day=on, day_before=_year_before(on)
    )
    ranked = sorted(found, key=lambda r: (-(rate_of(r["again"], r["expected"]) or 0), r["town"] or ""))
    table = [(place, *_row(r, r["town_name"] or r["town"] or "区划不明")) for place, r in enumerate(ranked, 1)]
    total = {name: sum(r[name] for r in found) for name in _SUMS}
    table.append((None, *_row(total, "合计")))
    headings: Headings = [
        ("名次", "count"), ("乡镇", "text"), ("上年参保", "count"), ("已续保", "count"), ("续保率", "rate"), ("待动员", "count"), ("已缴总人数", "count"),
        ("其中资助", "count"), ("上年同日已缴", "count"), ("为上年同日的", "rate"), ("个人缴费（元）", "money"), ("资助（元）", "money"),
    ]  # fmt: skip
    notes = [
        f"分母：{year - 1} 年度已缴费、统计日仍健在的居民（按常住地，没有的按户籍地归到乡镇）；续保率按这些人里已缴 {year} 年度的算，新参保的只计入已缴总人数",
        f"集中缴费期：{span.opens} 至 {span.closes}（{_stage(span.opens, span.closes, on)}）；上年同日：{_year_before(on)}",
        *([] if total["expected"] else [f"缴费记录里没有 {year - 1} 年度，没有分母，不算续保率"]),
        as_of(on), read_from(workspace, "contributions", "persons", "areas"), *rules_of(book),
    ]  # fmt: skip
    return Listing(f"征缴进度{year}", f"{year} 年度居民征缴进度（截至 {on}，按续保率排名）", headings, table, notes)


_SUMS = ("expected", "again", "paid", "aided", "paid_before", "person_amount", "subsidy_amount")


def _row(r: dict[str, Any], name: str) -> tuple[Any, ...]:
    return (
        name, r["expected"], r["again"], rate_of(r["again"], r["expected"]), r["expected"] - r["again"], r["paid"], r["aided"], r["paid_before"],
        rate_of(r["paid"], r["paid_before"]), r["person_amount"], r["subsidy_amount"],
    )  # fmt: skip


def _year_before(on: date) -> date:
    """The same day of the year before; the last of February for a leap day."""
    return on.replace(year=on.year - 1, day=28) if (on.month, on.day) == (2, 29) else on.replace(year=on.year - 1)


def _stage(opens: date, closes: date, on: date) -> str:
    if on < opens:
        return "还没有开始"
    return f"还有 {(closes - on).days} 天截止" if on <= closes else "已结束"
