"""The tables of the published documents: every labelled check of a table is made, with the labelled verdict."""

from pathlib import Path

import pytest

from yibao.proofread.findings import Check
from yibao.proofread.forms import read_forms
from yibao.proofread.forms.facts import Form
from yibao.proofread.read import read_file

CITY, COUNTY = "000_06594087d71c1753.txt", "004_4aab53e2ab223d76.txt"


def forms(shared: Path, name: str, year: int) -> tuple[Form, ...]:
    return read_forms(read_file(shared / "seeds" / name), year=year)


def errors(found: tuple[Form, ...]) -> list[Check]:
    return [c for f in found for c in f.checks if str(c.weight) == "error"]


def test_all_forty_fund_checks_hold(shared: Path) -> None:
    funds = [f for f in forms(shared, CITY, 2025) if f.kind == "fund"]
    assert [f.scope for f in funds] == ["employee", "resident"]
    assert [str(c.verdict) for f in funds for c in f.checks] == ["consistent"] * 40


def test_the_city_document_has_one_wrong_cell(shared: Path) -> None:
    found = errors(forms(shared, CITY, 2025))
    assert sorted((c.kind, c.evidence.quote) for c in found) == [
        ("table_internal", "按收入性质分: 20092.71万"),
        ("table_sum", "按收入性质分: 20092.71万"),
    ]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("indicator_score", 12), ("indicator_score_qualitative", 11), ("weight_sum", 3), ("score_sum", 3),
        ("execution_rate", 3), ("score_formula", 3), ("subset_sum", 3), ("table_sum", 8),
    ],
)  # fmt: skip
def test_the_labelled_consistent_checks_are_made(shared: Path, kind: str, count: int) -> None:
    checks = [c for f in forms(shared, CITY, 2025) for c in f.checks]
    assert sum(c.kind == kind and str(c.verdict) == "consistent" for c in checks) >= count


def test_derived_points_of_headings_are_facts(shared: Path) -> None:
    sheet = next(f for f in forms(shared, CITY, 2025) if f.kind == "scoresheet")
    points = {f.figure: int(f.quantity.value) for f in sheet.facts if f.figure.startswith("weight:")}
    assert (points["weight:效益指标"], points["weight:满意度指标"], points["weight:可持续影响指标"]) == (35, 5, 10)


def test_the_county_document_names_one_cause_for_a_lost_line(shared: Path) -> None:
    found = errors(forms(shared, COUNTY, 2023))
    groups = {c.group for c in found if c.group}
    assert sum("missing-row" in g for g in groups) == 1
    assert sum("three-public" in g for g in groups) == 1
