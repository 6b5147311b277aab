"""Making the county, top to bottom: the world, the lives of its people, the tables told from them, the truth."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from yibao.demo import (
    bureau,
    contributions,
    fund_books,
    stock,
    supply,
    tell_catalogue,
    tell_dip,
    tell_payments,
    tell_people,
    tell_providers,
    tell_settlements,
    tell_visits,
    tills,
    trace,
)
from yibao.demo.dip import draw_dip
from yibao.demo.households import account_sharing
from yibao.demo.lives import live
from yibao.demo.payments import draw_payments
from yibao.demo.records import Shelf
from yibao.demo.settings import REGION, Plan
from yibao.demo.shops import shops
from yibao.demo.tell_rosters import draw_rosters, population_rosters
from yibao.demo.truth import write_truth
from yibao.demo.world import build_world
from yibao.demo.write import write
from yibao.store.workspace import Workspace

COMMAND = "yibao demo county"
Progress = Callable[[str, float], None]  #: what is done now, and the share that is done
Batches = Iterable[pa.RecordBatch]


@dataclass
class Made:
    """What was made: rows by table, planted rows by behaviour."""

    rows: dict[str, int] = field(default_factory=dict)
    planted: dict[str, int] = field(default_factory=dict)


def make_county(root: Path, plan: Plan, progress: Progress = lambda _what, _share: None) -> Made:
    """A workspace with the county's tables, and its truth, under `root`. The same plan gives the same rows and files."""
    with Workspace.create(root, REGION) as workspace:
        return _make(workspace, plan, progress)


def _make(workspace: Workspace, plan: Plan, progress: Progress) -> Made:
    root, produced = (
        workspace.path,
        workspace.produced(COMMAND, seed=plan.seed, scale=str(plan.scale), noise=plan.noise),
    )
    scratch = root / ".making"
    progress("人口、机构、住院安排", 0.0)
    world, shelf, made = build_world(plan), Shelf(scratch), Made()
    blocks = len(world.people.blocks)
    for block in range(blocks):
        progress("就诊、费用、结算", 0.05 + 0.45 * block / blocks)
        live(world, shelf, block)
    progress("各类表格", 0.5)

    def tell(name: str, batches: Batches) -> None:
        progress(name, 0.5 + 0.45 * len(made.rows) / TABLES)
        made.rows[name] = write(workspace, name, batches, produced)

    for name in _FROM_WORLD:
        tell(name, _FROM_WORLD[name](world))
    rosters = draw_rosters(world)
    tell("account_sharing", account_sharing(world.households))
    tell("population_rosters", population_rosters(world, rosters))
    for name in ("visits", "visit_diagnoses", "visit_operations", "icu_stays", "fee_lines"):
        tell(name, getattr(tell_visits, name)(world, shelf))
    for name in ("settlements", "settlement_funds"):
        tell(name, getattr(tell_settlements, name)(world, shelf))
    sold = {year: shops(world, shelf, year) for year in plan.years}
    for name, told in (
        ("pharmacy_sales", tills),
        ("terminal_payments", tills),
        ("stock_movements", stock),
        ("trace_events", trace),
    ):
        tell(name, getattr(told, name)(world, sold))
    consumed = {year: supply.used(world, shelf, year) for year in plan.years}
    tell("agreed_volumes", supply.agreed_volumes(world, consumed))
    tell("purchases", supply.purchases(world, consumed))
    collected = contributions.Collected()
    tell("contributions", contributions.contributions(world, collected))
    tell("tax_receipts", contributions.tax_receipts(world, collected))
    sheets = draw_dip(world, shelf)
    tell("dip_groups", tell_dip.dip_groups(sheets))
    tell("dip_results", tell_dip.dip_results(world, shelf, sheets))
    tell("dip_monthly", tell_dip.dip_monthly(world, sheets))
    tell("dip_point_values", tell_dip.dip_point_values(sheets))
    tell("dip_clearing", tell_dip.dip_clearing(world, sheets))
    tell("dip_assessments", tell_dip.dip_assessments(world, sheets))
    tell("dip_deductions", tell_dip.dip_deductions(world, sheets))
    paid = draw_payments(world, shelf, collected, sheets)
    lines = fund_books.draw_bank(world, collected, paid)
    tell("payments", tell_payments.payments(world, paid))
    tell("bank_lines", fund_books.bank_lines(lines))
    tell("fund_journal", fund_books.fund_journal(lines, paid))
    tell("fund_budgets", fund_books.fund_budgets(plan, lines))
    budget = bureau.draw_budget(world)
    tell("department_budgets", bureau.department_budgets(budget))
    tell("department_vouchers", bureau.department_vouchers(world, budget))
    progress("真相", 0.95)
    made.planted = write_truth(root, world, shelf, sold, sheets, rosters)
    shutil.rmtree(scratch)
    return made


_FROM_WORLD: dict[str, Callable[..., Batches]] = {
    **{name: getattr(tell_people, name) for name in ("areas", "area_population", "persons", "identities", "employers", "enrolments")},
    **{name: getattr(tell_providers, name) for name in ("providers", "provider_departments", "provider_beds", "provider_agreements", "devices")},
    **{name: getattr(tell_providers, name) for name in ("practitioners", "practitioner_qualifications", "practitioner_registrations", "shifts")},
    **{name: getattr(tell_catalogue, name) for name in ("catalogue_items", "catalogue_limits", "prices", "provider_items")},
    "fiscal_subsidies": contributions.fiscal_subsidies,
    "service_tickets": bureau.service_tickets,
}  # fmt: skip
TABLES = len(_FROM_WORLD) + 26
