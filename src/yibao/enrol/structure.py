"""参保结构: in service and retired, ages, and what the retired of each former employer cost the fund."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from yibao.enrol.texts import rows
from yibao.enrol.words import as_of, read_from
from yibao.store.listing import Headings, Listing, rate_of, shown
from yibao.store.workspace import Workspace

BANDS = ((0, 6), (7, 17), (18, 44), (45, 59), (60, 69), (70, 79), (80, 200))
ELDER = 60


def structure(workspace: Workspace, year: int, on: date) -> list[Listing]:
    before = on.replace(year=on.year - 1, day=min(on.day, 28) if on.month == 2 else on.day)
    now, then = _people(workspace, on), _people(workspace, before)
    return [
        _ratio(workspace, now, then, on, before),
        _ages(workspace, now, then, on, before),
        employers(workspace, year, on),
    ]


def _people(workspace: Workspace, on: date) -> list[dict[str, Any]]:
    return rows(workspace, "ages", on_day=on, year=on.year, month=on.month, day=on.day)


def _ratio(
    workspace: Workspace, now: list[dict[str, Any]], then: list[dict[str, Any]], on: date, before: date
) -> Listing:
    counts = [_categories(found) for found in (now, then)]
    table = [
        (label, *(c[code] for c in counts), counts[0][code] - counts[1][code])
        for label, code in (("在职", "11"), ("退休", "12"))
    ]
    headings: Headings = [("职工", "text"), (str(on), "count"), (str(before), "count"), ("增减", "count")]
    notes = [
        f"在职与退休之比：{on} 为 {_one_to(counts[0])}，{before} 为 {_one_to(counts[1])}；职工合计 {sum(counts[0].values()):,} 人"
    ]
    return Listing(
        "在职退休",
        "职工在职与退休",
        headings,
        table,
        [*notes, as_of(on), read_from(workspace, "enrolments", "persons")],
    )


def _categories(found: list[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in found:
        if row["insurance_type"] == "310":
            counts[row["category"]] += row["people"]
    return counts


def _one_to(counts: Counter[str]) -> str:
    """In service to retired as offices write it.

    >>> _one_to(Counter({"11": 100, "12": 102})), _one_to(Counter({"11": 213, "12": 100})), _one_to(Counter())
    ('1∶1.02', '2.13∶1', '—')
    """
    working, retired = counts["11"], counts["12"]
    if not working or not retired:
        return "—"
    more, less = max(working, retired), min(working, retired)
    said = f"{(Decimal(more) / less).quantize(Decimal('0.01'), ROUND_HALF_UP)}"
    return f"{said}∶1" if working > retired else f"1∶{said}"


def _ages(
    workspace: Workspace, now: list[dict[str, Any]], then: list[dict[str, Any]], on: date, before: date
) -> Listing:
    table: list[tuple[Any, ...]] = []
    notes = []
    for code, label in (("310", "职工"), ("390", "居民")):
        people = [row for row in now if row["insurance_type"] == code]
        whole = sum(row["people"] for row in people)
        for low, high in BANDS:
            part = sum(row["people"] for row in people if low <= row["age"] <= high)
            table.append((label, f"{low} 岁以上" if high == 200 else f"{low}–{high} 岁", part, rate_of(part, whole)))
        notes.append(
            f"{label} {ELDER} 岁以上：{_elders(people)}；{before} 为 {_elders([r for r in then if r['insurance_type'] == code])}"
        )
    headings: Headings = [("险种", "text"), ("年龄", "text"), ("人数", "count"), ("占比", "rate")]
    return Listing(
        "年龄结构",
        "参保人年龄结构（分母为各险种当日有效参保人数）",
        headings,
        table,
        [*notes, as_of(on), read_from(workspace, "enrolments", "persons")],
    )


def elder_rate(ages: Listing, label: str = "居民") -> int | None:
    """The share of the old among the insured of one kind, 10⁻⁴, from the table of ages."""
    counts = [row[2] for row in ages.rows if row[0] == label]
    return rate_of(sum(n for n, (low, _) in zip(counts, BANDS, strict=True) if low >= ELDER), sum(counts))


def _elders(people: list[dict[str, Any]]) -> str:
    whole, old = sum(r["people"] for r in people), sum(r["people"] for r in people if r["age"] >= ELDER)
    return f"{old:,} 人，占 {whole:,} 人的 {shown(rate_of(old, whole), 'rate')}" if whole else "没有参保人"


def employers(workspace: Workspace, year: int, on: date) -> Listing:
    """Former employers: closed enterprises first, by what their retired people cost."""
    found = rows(workspace, "former_employers", year=year, on_day=on, known_on=on)
    whole = sum(r["retired_funds"] for r in found)
    closed = [r for r in found if r["is_closed_enterprise"]]
    table = [
        (r["employer_code"], r["employer_name"], "关闭破产" if r["is_closed_enterprise"] else "", r["working"], r["retired"], r["paid"], r["funds"],
         r["retired_funds"], r["retired_pool"], rate_of(r["retired_funds"], whole))
        for r in sorted(found, key=lambda r: (not r["is_closed_enterprise"], -r["retired_funds"], r["employer_code"]))
    ]  # fmt: skip
    headings: Headings = [
        ("单位编号", "text"), ("单位", "text"), ("性质", "text"), ("在职", "count"), ("退休", "count"), ("缴费（元）", "money"), ("基金支付（元）", "money"),
        ("退休人员支付（元）", "money"), ("其中统筹（元）", "money"), ("占退休支付", "rate"),
    ]  # fmt: skip
    cost = sum(r["retired_funds"] for r in closed)
    notes = [
        f"{year} 年度职工医保结算的各项基金支付（冲正已扣除）；关闭破产企业 {len(closed)} 家，退休 {sum(r['retired'] for r in closed):,} 人，"
        f"退休人员支付 {shown(cost, 'money')} 元，占有单位的退休人员支付 {shown(whole, 'money')} 元的 {shown(rate_of(cost, whole), 'rate')}",
        as_of(on), read_from(workspace, "enrolments", "employers", "settlements", "contributions"),
    ]  # fmt: skip
    return Listing("原单位费用", f"{year} 年度各（原）单位人员与费用", headings, table, notes)
