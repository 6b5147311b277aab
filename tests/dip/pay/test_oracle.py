"""Every fen of a clearing against Fractions: a three-hospital year by hand, and random years in all ways of paying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.dip.pay.oracle import Bands, Rules, Stay, clear
from tests.dip.pay.terms import terms
from yibao.dip.pay.cases import Sums
from yibao.dip.pay.clearing import Clearing, clear_scheme
from yibao.dip.pay.inputs import Inputs
from yibao.dip.pay.not_exported import NotExported
from yibao.errors import UserError

LEVELS = ("region", "institution", "disease", "institution_disease")


def cleared(stays: Sequence[Stay], fund: int, rules: Rules, months: Mapping[str, int], prepaid: Mapping[str, int]) -> Clearing:  # fmt: skip
    of: dict[str, Sums] = {}
    for s in stays:
        points = Decimal(s.points.numerator) / s.points.denominator
        of.setdefault(s.hospital, Sums()).add({"points": points, "total_fee": s.fee, "booked_pay": s.booked, "dip_group_code": s.disease or None})  # fmt: skip
    said: dict[str, Any] = {
        "dip__pay_base": rules.base,
        "dip__point_value": {"mode": rules.mode, "digits": rules.digits, "fixed": {"resident": decimal(rules.fixed)}, "fixed_share": decimal(rules.fixed_share)},
        "dip__sharing": [{"level": level, "bands": [band(*one) for one in bands]} for level, bands in rules.levels],
        "dip__opening": {"weights": [1], "trim": None, "digits": rules.digits},
    }  # fmt: skip
    if rules.cap_times is not None:
        said["dip__cap"] = decimal(rules.cap_times)
    assessed = {("390", h): {"assessment_coefficient": int(a * 1_000_000), "institution_cap": rules.caps.get(h)} for h, a in rules.assessed.items()}  # fmt: skip
    owed = {kind: {("390", h): of for h, of in given.items()} for kind, given in (("dip", months), ("advance", prepaid), ("clearing", {}))}  # fmt: skip
    inputs = Inputs(2025, assessed, {("390", h): d for h, d in rules.deducted.items()}, owed)
    made = Clearing(1, True, [], [], [], [], NotExported(0, 0))
    clear_scheme(made, terms(**said), inputs, "390", dict(sorted(of.items())), fund, date(2026, 4, 1))
    return made


def decimal(x: F) -> Decimal:
    return Decimal(x.numerator) / x.denominator


def band(below: F | None, inclusive: bool, keep: F | None, bear: F | None) -> dict[str, Any]:
    said = {"below": below, "keep": keep, "bear": bear}
    return {"inclusive": inclusive, **{name: decimal(x) for name, x in said.items() if x is not None}}


def assert_equal_to_the_fen(stays: Sequence[Stay], fund: int, rules: Rules, months: Mapping[str, int], prepaid: Mapping[str, int]) -> None:  # fmt: skip
    own, made = clear(stays, fund, rules), cleared(stays, fund, rules, months, prepaid)
    found = {row["provider_code"]: row for row in made.rows}
    assert F(made.values[0]["settlement_point_value"], 1_000_000) == own.value
    for name, expected in (("dip_payable", own.due), ("sharing_amount", own.shared), ("capped_amount", own.capped), ("clearing_amount", own.amount)):  # fmt: skip
        assert {h: row[name] for h, row in found.items()} == expected, name
    for h, row in found.items():
        assert row["clearing_balance"] == own.amount[h] - months.get(h, 0) - prepaid.get(h, 0)
    value = made.values[0]
    assert sum(own.due.values()) + value["undistributed_amount"] == fund
    if rules.mode == "floating" and rules.base != "case_ratio":
        assert value["undistributed_amount"] == 0
    paid = sum(row["monthly_paid"] + row["advance_paid"] + row["clearing_balance"] for row in made.rows)
    assert paid + value["fund_balance"] == fund
    assert sum(share["sharing_amount"] for share in made.shares) == value["sharing_amount"] == sum(own.shared.values())


BANDS: Bands = (
    (F(4, 5), False, F(0), None),
    (F(1), True, F(1, 2), None),
    (F(11, 10), True, None, F(3, 5)),
    (None, False, None, F(0)),
)
#: three hospitals, two diseases and a stay without one
YEAR = (
    Stay("H1", "G1", F("1234.5678"), 1_234_567, 800_001),
    Stay("H1", "G2", F("456.789123"), 600_003, 377_777),
    Stay("H2", "G1", F("998.0001"), 888_888, 500_000),
    Stay("H2", "G1", F("1001.5"), 1_777_777, 1_400_000),
    Stay("H3", "G2", F("333.333333"), 250_000, 90_000),
    Stay("H3", "", F("77.7"), 99_999, 80_000),
)
PLAIN = Rules(
    base="ratio", mode="floating", fixed=F(9), fixed_share=F(7, 10), levels=(("institution", BANDS),), cap_times=F("1.15"), caps={"H2": 1_500_000},
    assessed={"H1": F("0.985"), "H2": F(1), "H3": F("1.01")}, deducted={"H1": 12_345, "H3": 678},
)  # fmt: skip
MONTHS, PREPAID = {"H1": 700_000, "H2": 900_000, "H3": 200_000}, {"H1": 90_000, "H2": 110_000}


@pytest.mark.parametrize("base", ["ratio", "case_ratio", "patient_share"])
@pytest.mark.parametrize("mode", ["floating", "fixed", "elastic"])
@pytest.mark.parametrize("levels", [("institution",), ("region",), ("disease",), ("institution_disease",), ("region", "institution"), ("disease", "region")])  # fmt: skip
def test_three_hospitals(base: str, mode: str, levels: tuple[str, ...]) -> None:
    rules = Rules(**{**vars(PLAIN), "base": base, "mode": mode, "levels": [(level, BANDS) for level in levels]})
    assert_equal_to_the_fen(YEAR, 3_000_001, rules, MONTHS, PREPAID)


def test_three_hospitals_as_a_clerk_would() -> None:
    """Points H1 1691.356923, H2 1999.5, H3 411.033333 of 4101.890256 share 30,000.01; pay ratio 3,247,778 ÷ 4,851,234 = 0.6695."""
    rows = {row["provider_code"]: row for row in cleared(YEAR, 3_000_001, PLAIN, MONTHS, PREPAID).rows}
    assert [rows[h]["dip_payable"] for h in ("H1", "H2", "H3")] == [1_237_008, 1_462_375, 300_618]
    assert rows["H1"]["sharing_amount"] == -29_615  # 1,177,778 ÷ 1,237,008 = 0.952: half of 59,230 is kept
    assert rows["H2"]["sharing_amount"] == 87_743  # 1,900,000 is 1.299 of 1,462,375: 0.6 × 0.1 of it, not more
    assert rows["H3"]["sharing_amount"] == -130_618  # 170,000 is 0.565 of 300,618: below 0.8 it is paid what it booked
    assert [rows[h]["capped_amount"] for h in ("H1", "H2", "H3")] == [0, 50_118, 0]  # H2: 1,550,118 above its 15,000.00
    assert rows["H1"]["clearing_amount"] == 1_176_937  # 1,207,393 × 0.985 = 1,189,282.1 − 12,345
    assert rows["H1"]["clearing_balance"] == 1_176_937 - 700_000 - 90_000


HOSPITALS = st.sampled_from(["H1", "H2", "H3", "H4", "H5"])
STAYS = st.lists(
    st.builds(
        lambda hospital, disease, points, fee, share: Stay(hospital, disease, F(points, 1_000_000), fee, fee * share // 1000),
        HOSPITALS,
        st.sampled_from(["", "G1", "G2", "G3"]),
        st.integers(1, 10**10),
        st.integers(1, 10**8),
        st.integers(0, 1000),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip
TENTHS = st.integers(1, 9)


@st.composite
def bands(draw: st.DrawFn) -> Bands:
    """A table up to 1 and one beyond, each of one or two stretches."""
    low, high = draw(TENTHS), draw(st.integers(1, 20))
    keeps, bears = (draw(st.tuples(st.integers(0, 10), st.integers(0, 10))) for _ in range(2))
    flags = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    return (
        (F(low, 10), flags[0], F(keeps[0], 10), None),
        (F(1), flags[1] or True, F(keeps[1], 10), None),
        (F(10 + high, 10), flags[2], None, F(bears[0], 10)),
        (None, False, None, F(bears[1], 10)),
    )


RULES = st.builds(
    Rules,
    base=st.sampled_from(["ratio", "case_ratio", "patient_share"]),
    mode=st.sampled_from(["floating", "fixed", "elastic"]),
    fixed=st.integers(1, 10**6).map(lambda n: F(n, 10_000)),
    fixed_share=st.sampled_from([F(7, 10), F(8, 10)]),
    levels=st.permutations(LEVELS).flatmap(
        lambda order: st.tuples(*(st.tuples(st.just(level), bands()) for level in order[:2]))
    ),
    cap_times=st.none() | st.integers(1, 30).map(lambda n: F(n, 10)),
    caps=st.dictionaries(HOSPITALS, st.integers(0, 10**8)),
    assessed=st.tuples(*[st.integers(0, 1_200)] * 5).map(lambda n: {f"H{i + 1}": F(k, 1000) for i, k in enumerate(n)}),
    deducted=st.dictionaries(HOSPITALS, st.integers(0, 10**6)),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(STAYS, RULES, st.integers(1, 10**10), st.dictionaries(HOSPITALS, st.integers(-(10**6), 10**9)), st.dictionaries(HOSPITALS, st.integers(0, 10**8)))  # fmt: skip
def test_what_is_paid_is_the_fund_in_every_way_of_paying(
    stays: list[Stay], rules: Rules, fund: int, months: dict[str, int], prepaid: dict[str, int]
) -> None:
    here = {s.hospital for s in stays}
    only = {name: {h: x for h, x in of.items() if h in here} for name, of in (("m", months), ("p", prepaid), ("d", rules.deducted))}  # fmt: skip
    rules = Rules(**{**vars(rules), "deducted": only["d"]})
    assume(sum(s.booked for s in stays) * 20_000 >= sum(s.fee for s in stays))  # else the ratio is nothing and refused
    try:
        clear(stays, fund, rules)
    except ValueError:
        with pytest.raises(UserError, match="无处可分"):
            cleared(stays, fund, rules, only["m"], only["p"])
        return
    assert_equal_to_the_fen(stays, fund, rules, only["m"], only["p"])
