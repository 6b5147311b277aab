"""The national excerpt row by row: each is reached by each of its codes, and by none where what it asks for is missing.

`excerpt_cases.tsv` holds further stays, one a line: expected is a group, `-` for none, `!XQ` or `!BX-957` for what it must not be.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.dip.making import group
from yibao.dip.expressions import Range
from yibao.dip.grouping.group import Grouper
from yibao.dip.pack import Row


def codes(key: str | Range) -> list[str]:
    """Codes under a key: the ends of a range."""
    if isinstance(key, Range):
        return [f"{key.low}.000", f"{key.high}.900"]
    return (
        [f"{key}.900"]
        if len(key) == 3 and key not in ("D34", "D45")
        else [f"{key}.x00" if len(key) == 3 else f"{key}00"]
    )


def with_operations(grouper: Grouper, layer: str) -> list[Row]:
    return [row for row in grouper.pack.rows if row.layer == layer and row.operations]


def test_rows_of_any_diagnosis_by_each_of_their_operations(national: Grouper) -> None:
    for row in with_operations(national, "XQ"):
        for wanted in row.operations:
            main, *others = sorted(wanted, reverse=True)
            assert group(national, "R69.x00", main, " ".join(others)) == row.group
            beside = group(national, "R69.x00", "36.0700", " ".join(wanted))
            assert beside == (row.group if row.condition.any_operation else None)


@pytest.mark.parametrize("layer", ["BX", "JC"])
def test_rows_by_each_of_their_operations_and_related_ones(national: Grouper, layer: str) -> None:
    for row in with_operations(national, layer):
        for main in sorted(code for wanted in row.operations for code in wanted):
            for dx in (code for key in row.diagnoses for code in codes(key)):
                if dx == "A09.900":
                    dx = f"{dx}x001"  # the first is not grouped; its extension is
                for related in [sorted(wanted) for wanted in row.related] or [["54.1100"]]:
                    assert group(national, dx, main, " ".join(related)) == row.group
                if row.related:
                    assert group(national, dx, main) != row.group


def test_rows_without_operations_and_what_closes_them(national: Grouper) -> None:
    for row in national.pack.rows:
        if row.layer != "JC" or row.operations:
            continue
        for dx in (code for key in row.diagnoses for code in codes(key)):
            assert group(national, dx) == row.group
            assert group(national, dx, "99.2800", "99.1500") == row.group
            assert group(national, dx, "54.1100") is None


def test_tumours_by_the_ends_of_their_ranges_and_the_largest_set(national: Grouper) -> None:
    for row in with_operations(national, "FZ"):
        if str(row.diagnoses[0])[:3] != "Z51":
            continue
        dx = {"Z51.1": "Z51.101", "Z51.8": "Z51.800"}[str(row.diagnoses[0])]
        for other in (code for key in row.others for code in codes(key)):
            (wanted,) = row.operations
            main, *beside = sorted(wanted)
            assert group(national, dx, main, " ".join(beside), other) == row.group
            assert group(national, dx, "38.9301", " ".join(wanted), other) == row.group  # main or not


def test_burns_by_degree_area_and_operation(national: Grouper) -> None:
    for row in national.pack.rows:
        if row.layer != "FZ" or not str(row.diagnoses[0]).startswith("T2"):
            continue
        for key in row.diagnoses:
            for area in row.others:
                main = max(row.operations[0]) if row.operations else ""
                related = max(row.related[0]) if row.related else ""
                assert group(national, f"{key}00", main, related, f"I10.x00 {area}00") == row.group
        assert group(national, f"{row.diagnoses[0]}00", main, related, "I10.x00") is None  # no area


def _cases() -> list[dict[str, str]]:
    with Path(__file__).with_name("excerpt_cases.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("given", _cases(), ids=lambda given: given["case"])
def test_further_stays(national: Grouper, given: dict[str, str]) -> None:
    facts = {name: int(float(given[name])) if given[name] else None for name in ("age_day", "birth_weight_g")}
    codes = (given["principal_dx"], given["principal_proc"], given["related_procs"], given["other_dx"])
    found, expected = group(national, *codes, **facts), given["expected"]
    if expected.startswith("!"):
        layer, number = expected[1:], found or ""
        assert number != layer
        assert not number.startswith(f"{layer}-")
    else:
        assert (found or "-") == expected
