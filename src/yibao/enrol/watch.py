"""监测预警: whose burden of a year reaches the threshold of his group, in which month, and which office is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from yibao.enrol.rules import Book, watch_thresholds
from yibao.enrol.texts import rows
from yibao.enrol.words import OUTREACH, as_of, named, read_from, rules_of
from yibao.periods import year_end
from yibao.store.listing import Headings, Listing, masked
from yibao.store.workspace import Workspace

OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Crossing:
    """The month (yyyymm) in which a burden first reached the threshold, fen; `total` by the end of that month."""

    month: int
    group: str
    threshold: int
    office: str
    total: int


def crossing(
    months: Sequence[tuple[int, int]],
    held: Iterable[tuple[str, date, date | None]],
    thresholds: Mapping[str, tuple[int, str]],
) -> Crossing | None:
    """Go through (month, burden) in order; each month the lowest threshold of the groups held at its end counts."""
    identities, total = list(held), 0
    for month, burden in months:
        total += burden
        day = _month_end(month)
        groups = [
            g for g, start, end in identities if g in thresholds and start <= day and (end is None or end >= day)
        ] or [OTHERS]
        group = min(groups, key=lambda g: (thresholds[g][0], g))
        amount, office = thresholds[group]
        if total >= amount and total > 0:
            return Crossing(month, group, amount, office, total)
    return None


def _month_end(month: int) -> date:
    year, number = divmod(month, 100)
    return (date(year + number // 12, number % 12 + 1, 1)) - timedelta(days=1)


def watch(workspace: Workspace, book: Book, year: int, on: date) -> list[Listing]:
    """Everybody who crossed by the day, and per month and office how many."""
    thresholds = watch_thresholds(book, min(on, year_end(year)))
    held: dict[str, list[tuple[str, date, date | None]]] = {}
    for r in rows(workspace, "identities_in_year", first_day=date(year, 1, 1), last_day=min(on, year_end(year))):
        held.setdefault(r["person_no"], []).append((r["identity_type"], r["identity_start"], r["identity_end"]))
    found = []
    least = max(1, min(amount for amount, _ in thresholds.values()))
    for person, group in groupby(
        rows(workspace, "burden_by_month", year=year, known_on=on, least=least), key=itemgetter("person_no")
    ):
        months = list(group)
        if hit := crossing([(r["month"], r["burden"]) for r in months], held.get(person, ()), thresholds):
            found.append((hit, months))
    found.sort(
        key=lambda item: (-item[0].month, item[0].office, -sum(r["burden"] for r in item[1]), item[1][0]["person_no"])
    )
    notes = [
        f"{year} 年度各次结算的个人负担（个人账户加现金）逐月累计，冲正已扣除；首次达到门槛的月份；同月有几种身份的取门槛最低的一种",
        *(f"{_group(name)}：{amount // 100:,} 元，通知{named('issuing_office', office)}" for name, (amount, office) in sorted(thresholds.items())),
        as_of(on), read_from(workspace, "settlements", "identities"), *rules_of(book),
    ]  # fmt: skip
    return [_by_month(found, year, notes), _persons(found, year, notes)]


def _group(name: str) -> str:
    return "其他参保人（高额费用）" if name == OTHERS else named("identity_type", name)


def _by_month(found: Sequence[tuple[Crossing, Sequence[dict[str, Any]]]], year: int, notes: Sequence[str]) -> Listing:
    counts: dict[tuple[int, str, str], list[int]] = {}
    for hit, _ in found:
        line = counts.setdefault((hit.month, hit.office, "others" if hit.group == OTHERS else "watched"), [0, 0])
        line[0] += 1
        line[1] += hit.total
    table = [
        (str(month), named("issuing_office", office), "高额费用" if kind == "others" else "监测对象", *line)
        for (month, office, kind), line in sorted(counts.items())
    ]
    headings: Headings = [
        ("月份", "text"),
        ("通知部门", "text"),
        ("类别", "text"),
        ("人数", "count"),
        ("当月累计负担（元）", "money"),
    ]
    return Listing("预警逐月", f"{year} 年度监测预警：每月首次达到门槛的人", headings, table, notes)


def _persons(found: Sequence[tuple[Crossing, Sequence[dict[str, Any]]]], year: int, notes: Sequence[str]) -> Listing:
    table = [
        (str(hit.month), named("issuing_office", hit.office), _group(hit.group), months[0]["person_no"], months[0]["person_name"],
         masked(months[0]["id_document_no"]), months[0]["area_code"], hit.threshold, hit.total, *(sum(r[n] for r in months) for n in ("burden", "fee", "funds")))
        for hit, months in found
    ]  # fmt: skip
    headings: Headings = [
        ("达到月份", "text"), ("通知部门", "text"), ("类别", "text"), ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("区划", "text"),
        ("门槛（元）", "money"), ("当月累计（元）", "money"), ("至今负担（元）", "money"), ("至今总费用（元）", "money"), ("至今基金支付（元）", "money"),
    ]  # fmt: skip
    return Listing(
        "预警名单", f"{year} 年度监测预警名单（{len(table):,} 人，近的月份在前）", headings, table, [*notes, OUTREACH]
    )
