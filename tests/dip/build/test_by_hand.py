"""Catalogues reckoned once more, stay by stay with fractions, from the words of the guide (dip §4, F1–F5); and cases small enough for a pencil."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dip.build.making import KINDS, built, by_code, known, stay
from yibao.dip.build.compare import _ungrouped
from yibao.dip.build.packed import Given, write_catalogue
from yibao.dip.build.report import listings
from yibao.dip.packing import load_pack

Key = tuple[str, tuple[str, ...]]
WEIGHTS = (1, 2, 7)


def mean_of(stays: Sequence[Any]) -> Fraction:
    """1 : 2 : 7 over the years that have stays, in fen."""
    years = {y: [s["cost"] for s in stays if s["year"] == y] for y in range(3)}
    there = {y: Fraction(sum(costs), len(costs)) for y, costs in years.items() if costs}
    return sum((mean * WEIGHTS[y] for y, mean in there.items()), Fraction(0)) / sum(WEIGHTS[y] for y in there)


def operations_of(s: Any, main_apart: bool) -> tuple[str, ...]:
    main = [s["principal_proc"]] if s["principal_proc"] else []
    others = sorted({*main, *s["related_procs"]} - (set(main) if main_apart else set()))
    return tuple(main + others) if main_apart else tuple(others)


def related_merged(combos: dict[Key, list[Any]], main_apart: bool) -> dict[Key, list[Any]]:
    """Where related operations make a combination less than 10 % dearer it is counted in the largest, then dearest, one without them."""
    merged: dict[Key, list[Any]] = {}
    for key in sorted(combos, key=lambda k: (len(k[1]), k)):
        stem, codes = key
        fits = [
            other
            for other in merged
            if other[0] == stem and other[1] and set(other[1]) < set(codes) and (not main_apart or other[1][0] == codes[0])
        ]  # fmt: skip
        most = max((len(other[1]) for other in fits), default=0)
        largest = [(mean_of(combos[other]), other) for other in fits if len(other[1]) == most]
        if largest and mean_of(combos[key]) < Fraction(11, 10) * max(largest)[0]:
            merged[max(largest)[1]] = merged[max(largest)[1]] + combos[key]
        else:
            merged[key] = combos[key]
    return merged


def catalogue(rows: Sequence[Any], edition: str, core: dict[str, Any]) -> dict[str, list[Any]]:
    """Stays by the code of their group."""
    main_apart = edition == "3.0"
    combos: dict[Key, list[Any]] = defaultdict(list)
    for s in rows:
        combos[s["principal_dx"][:5], operations_of(s, main_apart)].append(s)
    merged = related_merged(combos, main_apart)
    order = sorted(merged, key=lambda key: (-len(merged[key]), key))
    if core.get("coverage"):
        sizes = [len(merged[key]) for key in order]
        number = next(i for i in range(len(order) + 1) if sum(sizes[:i]) >= core["coverage"] * len(rows))
        order = order[:number]
    else:
        order = [key for key in order if len(merged[key]) >= core["threshold"]]
    found = {f"{stem}-{'+'.join(codes) or '0'}": merged[stem, codes] for stem, codes in order}
    inside = {id(s) for stays in found.values() for s in stays}
    for s in rows:
        if id(s) not in inside:
            codes = operations_of(s, main_apart)
            kinds = [KINDS[code][0] for code in (codes[:1] if main_apart else codes)]
            found.setdefault(f"{s['principal_dx'][:3]}-ZH{max(kinds, default=0)}", []).append(s)
    return found


def trimmed(stays: Sequence[Any], low: Decimal, high: Decimal) -> list[Any]:
    costs = sorted(s["cost"] for s in stays)
    first, last = costs[floor(len(costs) * low)], costs[-1 - floor(len(costs) * (1 - high))]
    return [s for s in stays if first <= s["cost"] <= last]


@st.composite
def drawn(draw: st.DrawFn) -> dict[str, Any]:
    codes = draw(st.lists(st.sampled_from(["47.0100", "54.5101", "33.2402", "96.0400"]), max_size=3, unique=True))
    dx, cost, year = draw(st.sampled_from(["K35.300", "K35.200", "I21.900"])), draw(st.integers(100, 200)), draw(st.integers(0, 2))  # fmt: skip
    return stay(dx, cost, year, "".join(codes[:1]), " ".join(codes[1:]), hospital_level=draw(st.sampled_from("123")))


STAYS = st.lists(drawn(), min_size=1, max_size=60)


@pytest.mark.parametrize("edition", ["2.0", "3.0"])
@pytest.mark.parametrize("core", [{"threshold": 3}, {"threshold": None, "coverage": Decimal("0.95")}])
@given(rows=STAYS)
def test_groups_means_and_scores(edition: str, core: dict[str, Any], rows: list[Any]) -> None:
    low, high = Decimal("0.1"), Decimal("0.85")
    made = built(rows, known(edition), trim=(low, high), **core)
    expected = catalogue(rows, edition, core)
    found = by_code(made)
    assert {code: row.measure.stays for code, row in found.items()} == {code: len(s) for code, s in expected.items()}
    whole = mean_of(rows)
    for code, stays in expected.items():
        kept = trimmed(stays, low, high)
        assert (found[code].measure.trimmed, found[code].mean) == (len(stays) - len(kept), mean_of(kept))
        assert abs(Fraction(found[code].score) - mean_of(kept) / whole * 1000) <= Fraction(1, 20_000)


@given(rows=STAYS)
def test_institution_coefficients(rows: list[Any]) -> None:
    """F5: overall, and by disease where each level has enough stays and none is dearer than the next."""
    made = built(rows, threshold=3, coefficient_least=2, primary_share=Decimal(2))
    found = {(one.group, str(one.level)): one.coefficient for one in made.coefficients}
    expected: dict[tuple[str, str], Fraction] = {}
    for code, stays in [("", rows), *catalogue(rows, "2.0", {"threshold": 3}).items()]:
        of = {level: [s for s in stays if s["hospital_level"] == level] for level in "123"}
        means = {level: mean_of(own) for level, own in of.items() if own}
        rising = list(means.values()) == sorted(means.values())
        if not code or ("ZH" not in code and len(means) > 1 and rising and min(map(len, filter(None, of.values()))) >= 2):  # fmt: skip
            expected |= {(code, level): mean / mean_of(stays) for level, mean in means.items()}
    assert found.keys() == expected.keys()
    assert all(abs(Fraction(found[key]) - value) <= Fraction(1, 20_000) for key, value in expected.items())


def test_a_year_that_is_missing_takes_no_part() -> None:
    """K35 in the oldest and the last year: (100 × 1 + 200 × 7) ÷ 8; J06 in the middle one alone."""
    made = built([stay(cost=100, year=0)] * 2 + [stay(cost=200, year=2)] * 2 + [stay("J06.900", 60, 1)] * 2)
    assert {code: row.mean for code, row in by_code(made).items()} == {"K35.3-0": Fraction(18_750), "J06.9-0": 6_000}
    assert made.region.mean == Fraction(100 * 1 + 60 * 2 + 200 * 7, 10) * 100


def test_two_and_a_half_per_cent_at_both_ends() -> None:
    """Of forty stays one at each end; of thirty-nine none."""
    rows = [stay(cost=100 + i) for i in range(40)]
    ends = (Decimal("0.025"), Decimal("0.975"))
    [row] = built(rows, trim=ends).rows
    assert (row.measure.stays, row.measure.trimmed, row.mean) == (40, 2, Fraction(sum(range(101, 139)), 38) * 100)
    [row] = built(rows[:39], trim=ends).rows
    assert row.measure.trimmed == 0


def test_coefficients_by_disease_are_weighted_by_year() -> None:
    """Level 2: (100 × 1 + 200 × 7) ÷ 8 = 187.5; level 3: 400; the group: (100 × 1 + 300 × 7) ÷ 8 = 275."""
    rows = [
        *[stay(cost=100, year=0, hospital_level="2")] * 2,
        *[stay(cost=200, year=2, hospital_level="2")] * 2,
        *[stay(cost=400, year=2, hospital_level="3")] * 2,
    ]
    found = {one.level: one.coefficient for one in built(rows, coefficient_least=2).coefficients if one.group}
    assert found == {2: Decimal("0.6818"), 3: Decimal("1.4545")}


@pytest.mark.parametrize(("dear", "said"), [(28_849, 291), (44_003, 5697)])
def test_the_report_prints_the_rise_of_table_3_3(dear: int, said: int) -> None:
    rows = [stay("I21.900", 28_033, main="51.2300")] * 3 + [stay("I21.900", dear, main="51.2300", related="88.5500")] * 3  # fmt: skip
    [sheet] = [one for one in listings(built(rows)) if one.name == "相关手术"]
    assert sheet.rows[0][6] == said


@pytest.mark.parametrize(
    ("score", "points"),
    [({"method": "mean"}, 700), ({"method": "base", "group": "K35.3-0"}, 1050), ({"method": "quota", "quota": 80}, 84)],
)
def test_a_stay_without_a_group_is_measured_as_the_groups_are(score: dict[str, Any], points: int, tmp_path: Path) -> None:  # fmt: skip
    """Mean of the region 9,600 yuan, of the base disease 6,400: a stay of 9,600 at a share of 0.7."""
    made = built([stay(cost=6_400)] * 2 + [stay("I21.900", 12_800)] * 2, score=score)
    write_catalogue(tmp_path, made, known(), Given())
    assert _ungrouped(load_pack(tmp_path), 960_000, SimpleNamespace(ungrouped=Decimal("0.7"))) == points
