"""The golden cases and the table of the guide (§15.1), on the pack made from the national excerpt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dip.making import case
from yibao.dip.grouping.cases import read_case
from yibao.dip.grouping.group import Grouper

#: main diagnosis, main operation, other operations, other diagnoses, group expected; a leading ! is "must not be"
GUIDE = [
    ("I50.900", "33.6x00", "", "", "XQ-1"),
    ("I21.900", "36.0700", "39.6500", "", "XQ-11"),
    ("A41.900", "33.2402", "96.7201", "", "XQ-14"),
    ("A40.900", "34.0401", "", "", "BX-26"),
    ("K35.300", "47.0100", "54.5101", "", "BX-919"),
    ("K35.300", "47.0100", "", "", "!BX"),
    ("K60.300", "49.7301", "49.4600", "", "BX-960"),
    ("K60.300", "49.1200", "49.4600 49.4500", "", "BX-959"),
    ("T20.200", "", "", "T31.100", "FZ-1748"),
    ("T20.200", "86.2201", "", "T31.000", "FZ-1746"),
    ("T21.300", "86.6201", "86.6901", "T31.000", "FZ-1759"),
    ("Z51.101", "99.2503", "", "C34.901", "FZ-1770"),
    ("Z51.101", "99.2800x005", "99.2503", "C34.901", "FZ-1771"),
    ("Z51.103", "99.2503", "99.2800x005 99.2800x006", "C34.900x001", "FZ-1773"),
    ("Z51.101", "99.2503", "", "C88.000", "FZ-1782"),
    ("Z51.100", "99.2503", "", "C34.901", "!"),
    ("Z51.100x001", "99.2503", "", "C34.901", "FZ-1770"),
    ("Z51.800", "99.2800", "", "C34.901", "!FZ"),
    ("A17.000", "", "", "U84.300", "FZ-1840"),
    ("A17.000", "03.3101", "", "", "FZ-1839"),
    ("D34.x00", "", "", "", "JC-2373"),
    ("D34.x00", "06.1101", "", "", "JC-2370"),
]


def test_golden_cases(national: Grouper, reference: Path) -> None:
    wrong = []
    for line in (reference / "dip_golden_cases.jsonl").read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        found = national.group(read_case(given, given["id"])).group
        never = given["must_not"]
        kept_out = never is None or (found is None if never == "*" else not (found or "").startswith(never))
        if (given["expect"] and found != given["expect"]) or not kept_out:
            wrong.append((given["id"], given["expect"], found))
    assert wrong == []


@pytest.mark.parametrize(("dx", "main", "related", "others", "expected"), GUIDE)
def test_the_table_of_the_guide(
    national: Grouper, dx: str, main: str, related: str, others: str, expected: str
) -> None:
    found = national.group(case(dx, main, related, others)).group
    assert found == expected or (expected.startswith("!") and not (found or "?").startswith(expected[1:] or "X"))


@pytest.mark.parametrize(
    ("dx", "age", "weight", "expected"),
    [
        ("P07.001", 28, 999, "XQ-16"),
        ("P07.102", 28, 1000, "XQ-17"),
        ("P07.200", 10, 3000, None),
        ("P07.000", 40, 800, None),
        ("P07.100", 0, 2499, "XQ-19"),
        ("P07.100", 29, 2000, None),
    ],
)
def test_low_birth_weight(national: Grouper, dx: str, age: int, weight: int, expected: str | None) -> None:
    assert national.group(case(dx, age_day=age, birth_weight_g=weight)).group == expected


def test_an_excluded_diagnosis_is_told(national: Grouper) -> None:
    found = national.group(case("Z51.100", "99.2503", "", "C34.901"))
    assert (found.group, found.flags) == (None, ("NOT_GROUPABLE",))


def test_primary_care_is_asked_after_grouping(national: Grouper) -> None:
    assert "PRIMARY_CARE" in national.group(case("K35.300", "47.0100", "54.5101")).flags
    assert "PRIMARY_CARE" not in national.group(case("K35.300", "54.5101")).flags
    assert "PRIMARY_CARE" in national.group(case("M47.000+G99.2*")).flags  # row 93 is M47.0+
    assert "PRIMARY_CARE" not in national.group(case("M47.000")).flags
