"""The benefit rules that ship: an invented county, complete; real cities with what they published and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yibao.demo.enrolment import NAMES
from yibao.errors import UserError
from yibao.region.benefits.knobs import CARES, KNOBS, SCHEMES, is_benefit, key
from yibao.region.benefits.plan import Band, Component, Merge, Per, Situation
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import region, shipped_packs

EXAMPLE = Benefits(region("cn-9904"))
SCOPE = {Component.OVER_POOL_CAP, Component.COINSURANCE, Component.DEDUCTIBLE, Component.FIRST_PAY}


def plans(scheme: str, care: str, year: int = 2025, **known: object):  # type: ignore[no-untyped-def]
    return EXAMPLE.plans(Situation(scheme, care, date(year, 6, 30), **known))  # type: ignore[arg-type]


def old(name: str, year: int = 2025):  # type: ignore[no-untyped-def]
    """The same county's numbers as its own plain script reads them."""
    return region("cn-9904").value(f"benefit.{name}", on=date(year, 6, 30))


def fen(yuan: object) -> int:
    return int(Decimal(str(yuan)) * 100)


def rate(share: object) -> int:
    return int(Decimal(str(share)) * 1_000_000)


@pytest.mark.parametrize("year", [2022, 2024, 2025])
@pytest.mark.parametrize("level", range(4))
def test_resident_stays_are_those_of_the_countys_script(year: int, level: int) -> None:
    rules, (first, again) = old("resident.inpatient", year), plans("resident", "inpatient", year, level=level)
    assert first.deductible == fen(rules["deductible"][str(level)])
    assert again.deductible == fen(rules["deductible"][str(level)] * rules["again"])
    assert first.pool.bands == (Band(None, rate(rules["ratio"][str(level)])),)
    assert [cap.amount for cap in first.pool.caps] == [fen(rules["cap"])]
    assert [layer.name for layer in first.layers] == ["critical", "aid"]
    assert (first.counts, first.merge, first.account) == (True, Merge.MID_STAY, frozenset())


@pytest.mark.parametrize("retired", [False, True])
@pytest.mark.parametrize("level", range(4))
def test_employee_stays_are_those_of_the_countys_script(level: int, retired: bool) -> None:
    rules, person = old("employee.inpatient"), "retired" if retired else "in_service"
    first, again = plans("employee", "inpatient", level=level, person=person, civil=True)
    assert (first.deductible, again.deductible) == (
        fen(rules["deductible"][str(level)]),
        fen(rules["deductible"][str(level)] * rules["again"]),
    )
    plus = rules["retired"] if retired else 0
    bands = [
        Band(fen(band["to"]) if "to" in band else None, rate(band["ratio"][str(level)] + plus))
        for band in rules["bands"]
    ]
    assert (list(first.pool.bands), first.pool.from_zero) == (bands, False)
    large, civil, enterprise, aid = first.layers
    assert (large.base, large.bands[0].rate, large.caps[0].amount) == (
        {Component.OVER_POOL_CAP},
        rate(old("large_amount")["ratio"]),
        fen(old("large_amount")["cap"]),
    )
    assert (civil.base, civil.bands[0].rate, civil.caps) == (SCOPE, rate(old("civil_servant")), ())
    assert (enterprise.bands[0].rate, aid.bands[0].rate, first.account) == (0, 0, set(Component))


@pytest.mark.parametrize(
    ("area", "known"), [("home", None), ("settled_away", None), ("referred", "referred"), ("unreferred", "manual")]
)
def test_what_is_paid_first_away_from_home(area: str, known: str | None) -> None:
    expected = 0 if known is None else rate(old("away")[known])
    assert {plans(scheme, "inpatient", area=area)[0].first_pay for scheme in ("resident", "employee")} == {expected}


@pytest.mark.parametrize("care", ["outpatient", "emergency"])
@pytest.mark.parametrize("level", range(4))
def test_outpatient_and_emergency_share_their_limits(care: str, level: int) -> None:
    (resident,) = plans("resident", care, level=level)
    rules = old("resident.outpatient")
    assert (resident.deductible, resident.pool.bands[0].rate) == (0, rate(rules["ratio"][str(level)]))
    assert [(cap.slot, cap.amount) for cap in resident.pool.caps] == [("resident.outpatient.year", fen(rules["cap"]))]
    rules = old("employee.outpatient")
    for person, plus, cap in (("in_service", 0, "cap"), ("retired", rules["retired"], "cap_retired")):
        (employee,) = plans("employee", care, level=level, person=person)
        assert (employee.deductible, employee.deductible_per, employee.deductible_slot) == (
            fen(rules["deductible"]),
            Per.YEAR,
            "employee.outpatient.deductible",
        )
        assert employee.pool.bands[0].rate == rate(rules["ratio"][str(level)] + plus)
        assert [(c.slot, c.amount) for c in employee.pool.caps] == [("employee.outpatient.year", fen(rules[cap]))]


def test_chronic_illness_has_a_limit_for_each_disease() -> None:
    diseases = [
        "MI1000",
        "ME1100",
        "MI2500",
        "MJ4400",
        "MN1800",
        "MC3400",
        "MI6900",
        "MF2000",
        "MB1800",
        "MM0600",
        "MG2000",
        "MK7400",
    ]
    for scheme in ("resident", "employee"):
        found = [plans(scheme, "chronic", disease=disease)[0].pool for disease in diseases]
        assert [pool.caps[0].amount for pool in found] == [fen(limit) for limit in old("chronic")["limits"]]
        assert {pool.bands[0].rate for pool in found} == {rate(old("chronic")[scheme])}
        assert len({pool.caps[0].slot for pool in found}) == len(diseases)
    with pytest.raises(UserError, match="病种:MX9900"):
        plans("resident", "chronic", disease="MX9900")


@pytest.mark.parametrize("identity", ["ordinary", *NAMES])
def test_critical_illness_and_aid_by_identity(identity: str) -> None:
    rules, aided = old("critical_illness"), old("medical_aid").get(identity)
    critical, aid = plans("resident", "inpatient", identity=identity)[0].layers
    assert critical.threshold == fen(rules["threshold"] * (rules["poor_threshold"] if aided else 1))
    bonus = rules["poor_bonus"] if aided else 0
    assert critical.bands == tuple(
        Band(fen(b["to"]) if "to" in b else None, rate(b["ratio"] + bonus)) for b in rules["bands"]
    )
    assert [cap.amount for cap in critical.caps] == [None if aided else fen(rules["cap"])]
    assert (critical.base, critical.yearly, critical.from_zero) == (SCOPE, True, False)
    expected = (fen(aided["deductible"]), rate(aided["ratio"]), fen(aided["cap"])) if aided else (0, 0, 0)
    assert (aid.threshold, aid.bands[0].rate, aid.caps[0].amount) == expected
    assert (aid.base, aid.yearly) == (SCOPE, True)


def test_of_several_identities_the_highest_ratio_counts() -> None:
    ratios = [
        (old("medical_aid") or {}).get(name, {}).get("ratio", 0)
        for name in region("cn-9904").words("identity.order", on=date(2025, 1, 1))
    ]
    assert ratios == sorted(ratios, reverse=True)
    assert set(region("cn-9904").words("identity.order", on=date(2025, 1, 1))) == set(NAMES)


def test_every_knob_and_care_stands_in_the_example_pack() -> None:
    keys = [key(name) for name in region("cn-9904").parameters if is_benefit(name)]
    assert {found.part for found in keys} >= set(CARES)
    assert {found.scheme for found in keys} == set(SCHEMES)
    missing = {knob.name for knob in KNOBS} - {found.knob.name for found in keys}
    assert missing == {"round_each_band"}


def test_a_late_notice_is_in_the_example_pack() -> None:
    visit = Situation("resident", "two_diseases", date(2025, 3, 1), disease="MI1000")
    before, after = Benefits(region("cn-9904"), date(2025, 6, 19)), Benefits(region("cn-9904"), date(2025, 6, 20))
    assert [b.plans(visit)[0].pool.caps[0].amount for b in (before, after)] == [36_000, 40_000]


def test_an_epidemic_is_paid_in_full_while_the_notice_holds() -> None:
    rates = [
        plans("resident", "inpatient", year, epidemic=True, level=3)[0].pool.bands[0].rate for year in (2022, 2023)
    ]
    assert rates == [1_000_000, 600_000]


def test_a_real_city_refuses_what_its_documents_do_not_say() -> None:
    benefits = Benefits(region("cn-4309"))
    for care in CARES:
        with pytest.raises(UserError, match=rf"没有 2020-06-30 有效的 resident\.{care}\."):
            benefits.plans(Situation("resident", care, date(2020, 6, 30)))


def test_real_cities_hold_no_example_numbers() -> None:
    for code, pack in shipped_packs().items():
        if not code.startswith("cn-99"):
            held = [value for name, values in pack.parameters.items() if is_benefit(name) for value in values]
            assert [value.source for value in held if value.status == "example"] == []
            assert all(value.source and value.clause for value in held)


def test_what_the_published_report_says_is_there() -> None:
    pack = region("cn-4309")
    value = pack.parameter("resident.critical.threshold", on=date(2020, 6, 30))
    assert (value.value, value.grade, value.status) == (
        {"特困": 5500, "低保": 5500, "其他": 11000},
        "secondary",
        "inferred",
    )
    assert pack.find("resident.critical.threshold", on=date(2021, 1, 1)) is None
