"""A simulation against the settlement itself: the same bills under the same rules give the same fen, and every sum adds up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from tests.demo.conftest import small_plan
from yibao.demo.generate import make_county
from yibao.errors import UserError
from yibao.region.benefits.plan import Fund
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.region.packs import region
from yibao.settle.batches import FUND_COLUMNS, RESULT, Settler, numbers
from yibao.settle.changes import change, sweep, with_changes, written
from yibao.settle.effects import Effects, added
from yibao.settle.prepared import Prepared, prepare
from yibao.settle.reserves import reserves
from yibao.settle.run import ORDER, asked_of_bills, collect_bills
from yibao.settle.simulate import ACCOUNT, CASH, PAID, from_day, outcome
from yibao.settle.texts import TEXTS
from yibao.store.workspace import Workspace

YEAR, MIDDLE = 2025, date(2025, 7, 1)
RATE = change("resident.inpatient.rate.level2=0.75")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("simulated") / "county"
    make_county(root, small_plan(scale=0.02))
    with Workspace.open(root) as opened:
        yield opened


@pytest.fixture(scope="module")
def held() -> Benefits:
    return Benefits(region("cn-9904"))


@pytest.fixture(scope="module")
def raised(held: Benefits) -> Benefits:
    return with_changes(held, [RATE], MIDDLE)


@pytest.fixture(scope="module")
def prepared(county: Workspace, held: Benefits, raised: Benefits) -> Prepared:
    return prepare(county, YEAR, held, [raised])


@pytest.fixture(scope="module")
def effects(prepared: Prepared, held: Benefits, raised: Benefits) -> Effects:
    return Effects(prepared, outcome(prepared, held.plans), outcome(prepared, from_day(held, raised, MIDDLE)))


def _settled(county: Workspace, benefits: Benefits) -> dict[str, np.ndarray]:
    """The bills through `Settler`, as `yibao settle` does it; by column."""
    given, values = asked_of_bills(county, benefits.pack, YEAR)
    settler = Settler(benefits)
    rows = county.apply(TEXTS["bills"], "person_no", ORDER, settler, RESULT, given, **values)
    table = rows.read_all()
    return {name: numbers(table[name]) for name in (*FUND_COLUMNS.values(), "account_pay", "cash_pay", "total_fee")}


@pytest.mark.parametrize(
    "said",
    [
        [],
        ["resident.inpatient.rate.level2=0.75"],
        ["resident.outpatient.rate.level1 age>=70=0.9", "employee.outpatient.deductible=100"],
        ["resident.critical.threshold=5000", "resident.rounding=down"],
    ],
)
def test_a_changed_policy_pays_what_settlement_under_it_pays(
    county: Workspace, held: Benefits, said: list[str]
) -> None:
    assumed = with_changes(held, map(change, said), MIDDLE)
    ours = outcome(prepare(county, YEAR, held, [assumed]), from_day(held, assumed, MIDDLE)).amounts
    settled = _settled(county, assumed)
    for fund, column in FUND_COLUMNS.items():
        assert np.array_equal(ours[:, fund], settled[column]), column
    assert np.array_equal(ours[:, ACCOUNT], settled["account_pay"])
    assert np.array_equal(ours[:, CASH], settled["cash_pay"])


def test_it_costs_the_fund_what_it_spares_the_people(effects: Effects) -> None:
    assert effects.fund.by > 0
    assert effects.fund.by + effects.cash.by + effects.account.by + effects.hospital.by == 0
    assert int(effects.of_person.sum()) == effects.cash.by + effects.account.by
    assert effects.better > 0


def test_every_way_of_grouping_adds_up_to_the_total(effects: Effects) -> None:
    for grouping in effects.prepared.groupings:
        rows = list(effects.groups(grouping))
        assert sum(row.bills for row in rows) == effects.prepared.size, grouping.name
        assert sum(row.fund.by for row in rows) == effects.fund.by, grouping.name
        assert sum(row.burden.by for row in rows) == effects.cash.by + effects.account.by, grouping.name
    assert sum(row.paid.by for row in effects.funds()) == effects.fund.by


def test_people_move_only_in_the_groups_whose_bills_change(effects: Effects) -> None:
    levels = {row.label: row for row in effects.groups(effects.prepared.grouping("hospital_level"))}
    assert levels["二级"].better == effects.better or levels["二级"].better > 0
    assert levels["一级"].better == 0
    schemes = {row.label: row for row in effects.groups(effects.prepared.grouping("insurance_type"))}
    assert schemes["职工基本医疗保险"].fund.by == 0
    assert schemes["城乡居民基本医疗保险"].better == effects.better


def test_bills_before_the_day_stay_as_they_are(county: Workspace, effects: Effects) -> None:
    rows = county.query(
        "SELECT s.settlement_id FROM settlements AS s WHERE s.benefit_year = $year AND s.stay_end_date < $day",
        year=YEAR, day=MIDDLE,
    ).read_all()  # fmt: skip
    early = np.isin(effects.prepared.bill_id.to_pylist(), rows["settlement_id"].to_pylist())
    assert early.any()
    assert np.array_equal(effects.before.amounts[early], effects.after.amounts[early])


def test_the_largest_effects_come_first_and_stand(effects: Effects) -> None:
    largest = list(effects.largest(5))
    sizes = [abs(one.burden.by) for one in largest]
    assert len(largest) == 5
    assert sizes == sorted(sizes, reverse=True)
    by = np.where(effects.before.undone, 0, np.abs(effects.after.burden - effects.before.burden))
    assert sizes[0] == by.max()
    assert {one.level for one in largest} == {"二级"}


def test_nothing_is_written(county: Workspace, held: Benefits, raised: Benefits) -> None:
    names = ("bills", "computed_settlements", "settlement_differences", "settlements")
    before = [county.manifest(name) for name in names]
    prepare(county, YEAR, held, [raised])
    assert [county.manifest(name) for name in names] == before


def test_bills_that_stand_in_their_table_are_taken_from_there(
    county: Workspace, held: Benefits, raised: Benefits, prepared: Prepared
) -> None:
    collect_bills(county, held.pack, YEAR)
    again = prepare(county, YEAR, held, [raised])
    assert again.bill_id.to_pylist() == prepared.bill_id.to_pylist()
    assert np.array_equal(outcome(again, held.plans).amounts, outcome(prepared, held.plans).amounts)


def _with(pack: Pack, ending: str, value: object) -> Pack:
    held = dict(pack.parameters)
    for key in [name for name in held if name.endswith(ending)]:
        held[key] = tuple(one.model_copy(update={"value": value}) for one in held[key])
    return replace(pack, parameters=held)


def test_stays_over_the_year_end_are_split_alike_whether_stored_or_not(county: Workspace, held: Benefits) -> None:
    split = Benefits(_with(held.pack, ".inpatient.year_end", "split_by_days"))
    collected = prepare(county, YEAR, split)
    assert any("#" in bill for bill in collected.bill_id.to_pylist())
    collect_bills(county, split.pack, YEAR)
    stored = prepare(county, YEAR, split)
    assert stored.bill_id.to_pylist() == collected.bill_id.to_pylist()
    assert np.array_equal(outcome(stored, split.plans).amounts, outcome(collected, split.plans).amounts)
    collect_bills(county, held.pack, YEAR)


def test_another_regions_order_of_identities_counts_in_its_policy(county: Workspace, held: Benefits) -> None:
    """Nobody counts as anybody there: what is paid from the day on is what ordinary people are paid."""
    other = Benefits(_with(held.pack, "identity.order", ["veteran"]))
    prepared = prepare(county, YEAR, held, [other], (other.pack, MIDDLE))
    before = outcome(prepared, held.plans)
    after = outcome(prepared, from_day(held, other, MIDDLE), assumed=True)
    identity = prepared.grouping("identity_type")
    poor = np.array([value != "普通人员" for value in identity.values])[identity.of]
    less = before.fund - after.fund
    assert int(less[poor].sum()) > 0
    assert not less[~poor].any()
    early = [held_kind == kind for held_kind, kind in zip(prepared.kind, prepared.assumed, strict=True)]
    assert 0 < early.count(False) < int(poor.sum())


def test_a_year_without_bills_is_one_sentence(county: Workspace, held: Benefits) -> None:
    with pytest.raises(UserError, match="2031 年没有已结算"):
        prepare(county, 2031, held)


def test_months_of_reserve_move_with_the_booked_cost(county: Workspace, held: Benefits, effects: Effects) -> None:
    found = {one.fund: one for one in reserves(county, held.pack, effects)}
    resident = found["resident"]
    assert resident.balance is not None
    assert resident.expense is not None
    assert resident.change == sum(
        row.paid.by for row in effects.funds() if row.code == "390" and row.fund is not Fund.MEDICAL_AID
    )
    after = Decimal(resident.balance - resident.change) / (Decimal(resident.expense + resident.change) / 12)
    assert resident.months_after == after
    assert resident.months_before is not None
    assert after < resident.months_before
    assert found["employee"].change == 0


def test_a_workspace_without_fund_tables_says_what_is_missing(
    tmp_path_factory: pytest.TempPathFactory, held: Benefits, effects: Effects
) -> None:
    with Workspace.create(tmp_path_factory.mktemp("empty") / "w", "cn-9904") as empty:
        found = list(reserves(empty, held.pack, effects))
    assert found
    assert all(one.missing == "银行流水、基金决算支出" and one.months_before is None for one in found)


def test_what_the_hospital_bears_is_no_fund() -> None:
    assert Fund.HOSPITAL not in PAID
    assert len(PAID) == len(Fund) - 1


def test_sums_do_not_pass_through_a_float() -> None:
    assert added(np.array([0, 0]), np.array([2**53, 1]), 1).tolist() == [2**53 + 1]


@pytest.mark.parametrize(
    "said", ["resident.inpatient.rate", "resident.inpatient.rate.level2=", "resident.inpatient.rat=1"]
)
def test_a_change_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(UserError):
        change(said)


def test_a_condition_may_hold_a_sign() -> None:
    found = change("resident.inpatient.deductible.level3 nth>=2=300")
    assert (found.word, found.value) == ("level3 nth>=2", 300)


@pytest.mark.parametrize(
    "said",
    ["resident.inpatient.rate=0.8:0.7:0.01", "resident.inpatient.rate=0.7:0.8", "resident.inpatient.rate=0:1:0.001"],
)
def test_a_range_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(UserError):
        sweep(said)


def test_what_a_change_replaces_is_told_as_the_pack_writes_it(held: Benefits) -> None:
    assert written(held, RATE, MIDDLE) == "0.74"
    assert written(held, change("resident.inpatient.caps.1.amount=1"), MIDDLE) == "150000"
