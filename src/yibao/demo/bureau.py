"""The bureau's own house: department budgets and vouchers, tickets and ratings at its counters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import DAY, split_total, weekday, year_days
from yibao.demo.calendar import draw_days, draw_time
from yibao.demo.people import NEVER
from yibao.demo.records import person_ids
from yibao.demo.settings import COUNTY_NAME
from yibao.demo.strings import named, numbered
from yibao.demo.world import World
from yibao.demo.write import chosen, in_key_order, rows

OFFICE, CENTRE = f"{COUNTY_NAME}医疗保障局机关", f"{COUNTY_NAME}医疗保障事务中心"
#: unit, function, economic class, kind, project, yuan a year (invented)
_LINES = (
    (OFFICE, "2101501", "30101", "basic_personnel", "", 1_180_000), (OFFICE, "2101501", "30102", "basic_personnel", "", 760_000),
    (OFFICE, "2101501", "30103", "basic_personnel", "", 690_000), (OFFICE, "2080505", "30108", "basic_personnel", "", 420_000),
    (OFFICE, "2101101", "30110", "basic_personnel", "", 210_000), (OFFICE, "2210201", "30113", "basic_personnel", "", 330_000),
    (OFFICE, "2101501", "30201", "basic_public", "", 160_000), (OFFICE, "2101501", "30207", "basic_public", "", 38_000),
    (OFFICE, "2101501", "30211", "basic_public", "", 62_000), (OFFICE, "2101501", "30217", "basic_public", "", 54_000),
    (OFFICE, "2101501", "30231", "basic_public", "", 42_000), (OFFICE, "2101501", "30239", "basic_public", "", 96_000),
    (CENTRE, "2101550", "30101", "basic_personnel", "", 1_420_000), (CENTRE, "2101550", "30107", "basic_personnel", "", 980_000),
    (CENTRE, "2080505", "30108", "basic_personnel", "", 400_000), (CENTRE, "2101102", "30110", "basic_personnel", "", 190_000),
    (CENTRE, "2210201", "30113", "basic_personnel", "", 310_000), (CENTRE, "2101550", "30201", "basic_public", "", 118_000),
    (CENTRE, "2101550", "30207", "basic_public", "", 64_000), (CENTRE, "2101550", "30228", "basic_public", "", 52_000),
    (OFFICE, "2101505", "30227", "project", "基金监管专项", 1_130_000), (OFFICE, "2101504", "30213", "project", "信息系统运行维护", 346_000),
    (CENTRE, "2101506", "30227", "project", "经办服务能力提升", 620_000), (OFFICE, "2101599", "30216", "project", "政策宣传培训", 150_000),
    (OFFICE, "2101301", "30307", "project", "城乡医疗救助补助", 13_161_000),
)  # fmt: skip


@dataclass(frozen=True)
class BudgetLine:
    """One line of a year: what was planned, changed and spent, fen."""

    year: int
    unit: str
    function: str
    economic: str
    kind: str
    project: str
    initial: int
    adjustment: int
    spent: int


def draw_budget(world: World) -> list[BudgetLine]:
    """Spending stays within the budget and its adjustment."""
    found = []
    for year in world.plan.years:
        rng = world.plan.stream("department", year)
        for unit, function, economic, kind, project, yuan in _LINES:
            initial = round(yuan * 1.03 ** (year - 2024) * float(rng.uniform(0.97, 1.03))) // 100 * 10_000
            adjustment = int(initial * float(rng.uniform(0.02, 0.25))) // 10_000 * 10_000 if rng.random() < 0.35 else 0
            share = float(rng.uniform(0.86, 1.0)) if kind != "basic_personnel" else 1.0
            spent = int((initial + adjustment) * share)
            found.append(BudgetLine(year, unit, function, economic, kind, project, initial, adjustment, spent))
    return found


def department_budgets(found: list[BudgetLine]) -> Iterator[pa.RecordBatch]:
    stages = [
        (line, stage, amount)
        for line in found
        for stage, amount in (("initial", line.initial), ("adjustment", line.adjustment), ("final", line.spent))
    ]
    yield in_key_order("department_budgets", rows("department_budgets", len(stages), {
        "year": [line.year for line, _, _ in stages], "budget_unit": [line.unit for line, _, _ in stages],
        "functional_code": [line.function for line, _, _ in stages], "economic_code": [line.economic for line, _, _ in stages],
        "funding_source": "general", "budget_kind": [line.kind for line, _, _ in stages],
        "project_name": [line.project for line, _, _ in stages], "budget_stage": [stage for _, stage, _ in stages],
        "budget_amount": [amount for _, _, amount in stages],
    }))  # fmt: skip


def department_vouchers(world: World, found: list[BudgetLine]) -> Iterator[pa.RecordBatch]:
    """Salaries by month, the rest as it comes; each line's vouchers add up to what was spent. Income is one entry a month."""
    entries: list[tuple[int, BudgetLine, int, str]] = []
    for index, line in enumerate(found):
        rng, (first, last) = world.plan.stream("vouchers", index), year_days(line.year)
        salary = line.kind == "basic_personnel"
        count = 12 if salary else max(3, min(40, line.spent // 400_000))
        parts = split_total(line.spent, np.ones(12) if salary else rng.gamma(1.2, 1.0, count) + 0.05)
        for i, amount in enumerate(parts.tolist()):
            day = first + 30 * i + 14 if salary else int(rng.integers(first + 10, last + 1))
            day -= max(0, int(weekday(np.array([day]))[0]) - 4)
            if amount:
                entries.append((day, line, amount, "expense"))
                entries.append((day, line, amount, "income"))
    entries.sort(key=lambda e: (e[0], e[1].unit, e[1].function, e[1].economic, e[1].project, e[2], e[3]))
    income = np.array([side == "income" for *_, side in entries])
    amount_ = np.array([amount for _, _, amount, _ in entries])
    yield in_key_order("department_vouchers", rows("department_vouchers", len(entries), {
        "voucher_no": numbered("PZ", np.arange(len(entries)) // 2 + 1, 8),
        "voucher_line_no": np.arange(len(entries)) % 2 + 1,
        "voucher_date": np.array([day for day, *_ in entries]),
        "budget_unit": [line.unit for _, line, _, _ in entries],
        "direction": [side for *_, side in entries],
        "functional_code": [line.function for _, line, _, _ in entries],
        "economic_code": pa.compute.if_else(pa.array(income), pa.scalar(None, pa.string()), pa.array([line.economic for _, line, _, _ in entries])),
        "funding_source": "general",
        "budget_kind": [line.kind for _, line, _, _ in entries],
        "project_name": pa.array([line.project or None for _, line, _, _ in entries], pa.string()),
        "debit": np.where(income, 0, amount_), "credit": np.where(income, amount_, 0),
    }))  # fmt: skip


_ITEMS = (
    "参保登记",
    "参保信息变更",
    "异地就医备案",
    "医疗费用报销",
    "门诊慢特病认定",
    "关系转移接续",
    "医疗救助申请",
    "政策咨询",
    "缴费查询",
    "定点机构事项",
)
TICKETS = 92_000


def service_tickets(world: World) -> Iterator[pa.RecordBatch]:
    """Tickets of the full years; some unfinished, most rated well."""
    known = np.flatnonzero(world.people.first_year < NEVER)
    for year in world.plan.years:
        rng, size = world.plan.stream("tickets", year), world.plan.count(TICKETS, 200)
        accepted = np.sort(draw_days(rng, year, "flat", size) * DAY + draw_time(rng, size))
        kind = rng.choice(4, size, p=[0.74, 0.235, 0.02, 0.005])
        item = rng.integers(0, len(_ITEMS), size)
        promised = np.where(kind == 0, np.array([1, 1, 1, 20, 10, 15, 15, 1, 1, 10])[item], 5)
        took = np.floor(rng.gamma(1.2, 0.35, size) * promised * DAY).astype(np.int64) + rng.integers(120, 3600, size)
        open_ = (rng.random(size) < 0.006) | ((accepted + took) // DAY > year_days(year)[1] + 20)
        finished = accepted + took
        rating = rng.choice(5, size, p=[0.002, 0.004, 0.02, 0.10, 0.874]) + 1
        rated = (rng.random(size) < 0.42) & ~open_
        person = known[rng.integers(0, len(known), size)]
        yield rows("service_tickets", size, {
            "service_ticket_no": numbered(f"BJ{year}", np.arange(1, size + 1), 8),
            "ticket_kind": named(["service", "consultation", "complaint", "report"], kind),
            "service_item": named(list(_ITEMS), item),
            "ticket_channel": named(["window", "online", "app", "phone", "station"], rng.choice(5, size, p=[0.34, 0.12, 0.22, 0.1, 0.22])),
            "accepted_time": accepted,
            "finished_time": times(finished, open_),
            "promised_days": promised,
            "person_no": pa.compute.if_else(pa.array(item < 9), person_ids(person), pa.scalar(None, pa.string())),
            "ticket_rating": named(["", "1", "2", "3", "4", "5"], rating, ~rated),
            "rated_time": times(finished + rng.integers(60, 3 * DAY, size), ~rated),
        })  # fmt: skip


def times(seconds: np.ndarray, missing: np.ndarray) -> pa.Array:
    """Seconds since 1970 as times, null where missing."""
    return chosen(seconds * 1_000_000, ~missing).view(pa.timestamp("us"))
