"""The packs of the published examples (tests/settle/packs): each loads and gives the plan that its example states."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yibao.region.benefits.plan import Band, Component, Plan, Situation
from yibao.region.benefits.resolve import Benefits
from yibao.region.benefits.survey import missing
from yibao.region.packs import load_packs

PACKS = load_packs(Path(__file__).parents[2] / "settle" / "packs")
ON = date(2025, 6, 30)


def plans(code: str, scheme: str, **known: object) -> tuple[Plan, ...]:
    return Benefits(PACKS[code]).plans(Situation(scheme, "inpatient", ON, **known))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", sorted(PACKS))
def test_each_is_whole(code: str) -> None:
    assert missing(PACKS[code], ON) == []
    assert PACKS[code].status == "example"


def test_bands_with_the_deductible_and_a_factor_for_retired_people() -> None:
    first, second = plans("xx-1100", "employee", person="retired")
    assert (first.deductible, second.deductible) == (130_000, 65_000)
    assert second.pool.bands == (Band(3_000_000, 910_000), Band(4_000_000, 940_000), Band(None, 970_000))
    assert second.pool.from_zero
    assert plans("xx-1100", "employee", person="in_service")[0].pool.bands[0].rate == 850_000


@pytest.mark.parametrize(
    ("area", "first_pay"),
    [("home", 0), ("settled_away", 0), ("referred", 100_000), ("away_emergency", 100_000), ("unreferred", 200_000)],
)
@pytest.mark.parametrize("code", ["xx-36", "xx-3601"])
def test_paid_first_away_from_home(code: str, area: str, first_pay: int) -> None:
    (plan,) = plans(code, "employee", level=3, area=area)
    assert (plan.first_pay, plan.deductible, plan.pool.bands[0].rate) == (first_pay, 80_000, 850_000)


def test_an_employee_and_a_civil_servant() -> None:
    (plan,) = plans("xx-3601", "employee", level=3, civil=True)
    large, civil = plan.layers
    assert (large.threshold, large.bands[0].rate, large.caps[0].amount) == (10_000_000, 900_000, 40_000_000)
    assert (civil.bands[0].rate, plan.pool.caps[0].amount) == (960_000, 10_000_000)
    assert [
        (p.deductible, p.pool.caps) for code in ("xx-360101", "xx-360102") for p in plans(code, "employee", level=3)
    ] == [(80_000, ()), (0, ())]


def test_a_resident_with_critical_illness() -> None:
    plan = plans("xx-3601", "resident", level=3)[0]
    (critical,) = plan.layers
    assert (plan.deductible, plan.pool.bands[0].rate) == (60_000, 600_000)
    assert (critical.threshold, critical.bands[0].rate, critical.cap_raise) == (1_700_000, 600_000, 200_000)
    assert critical.base == {Component.OVER_POOL_CAP, Component.COINSURANCE, Component.DEDUCTIBLE}
    assert plans("xx-3601", "resident", level=3, identity="dibao")[0].layers[0].threshold == 850_000


@pytest.mark.parametrize(
    ("age", "due"), [(40, [60_000]), (70, [60_000, 60_000, 60_000, 0]), (6, [60_000, 60_000, 60_000, 0]), (7, [60_000])]
)
def test_old_and_young_pay_no_deductible_from_the_fourth_stay(age: int, due: list[int]) -> None:
    assert [plan.deductible for plan in plans("xx-3601", "resident", level=3, age=age)] == due


@pytest.mark.parametrize(
    ("known", "deductible", "rate"),
    [
        ({"level": 0}, 20_000, 900_000),
        ({"level": 2}, 40_000, 750_000),
        ({"level": 3}, 70_000, 650_000),
        ({"level": 3, "identity": "dibao"}, 70_000, 700_000),
        ({"level": 3, "area": "referred"}, 100_000, 600_000),
        ({"level": 2, "area": "referred", "across": True}, 150_000, 500_000),
        ({"level": 2, "area": "unreferred"}, 150_000, 400_000),
    ],
)
def test_away_from_home_a_table_of_its_own(known: dict[str, object], deductible: int, rate: int) -> None:
    (plan,) = plans("xx-2308", "resident", **known)
    assert (plan.deductible, plan.pool.bands[0].rate) == (deductible, rate)


def test_poor_people_have_half_the_threshold_and_no_cap() -> None:
    poor, other = (plans("xx-2308", "resident", identity=identity)[0].layers[0] for identity in ("tekun", "ordinary"))
    assert [(layer.threshold, layer.caps[0].amount) for layer in (poor, other)] == [
        (500_000, None),
        (1_000_000, 20_000_000),
    ]


def test_a_commercial_plan() -> None:
    (plan,) = plans("xx-00", "resident")
    assert (plan.deductible, plan.pool.bands[0].rate, plan.pool.caps[0].amount) == (1_000_000, 800_000, 100_000_000)
