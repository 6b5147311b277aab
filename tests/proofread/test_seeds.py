"""The published documents beside the project: the labelled development set is found, nothing false is said of it.

Reads ../shared where it stands beside the project (seeds, and reference/proofread_dev_labels.json); skipped elsewhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.labelled import Tally, bare, tally
from yibao.proofread import check_package
from yibao.proofread.document import Package
from yibao.proofread.findings import Report, Severity
from yibao.proofread.read import read_file

LABELLED = ("000_06594087d71c1753.txt", "003_53bbde0474885cbd.txt")
COVERED = 0.85  #: share of the labelled consistent statements that must have been checked; the bar is 0.6


@pytest.fixture(scope="module")
def labels(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "reference" / "proofread_dev_labels.json").read_text("utf-8"))
    return loaded


def proofread(path: Path) -> Report:
    return check_package(Package((read_file(path),)))[0]


def tallied(shared: Path, labels: dict[str, Any], name: str) -> Tally:
    path = shared / "seeds" / name
    return tally(proofread(path), bare(path.read_text("utf-8")), labels, name)


@pytest.mark.parametrize("name", LABELLED)
def test_every_labelled_root_is_found(shared: Path, labels: dict[str, Any], name: str) -> None:
    assert tallied(shared, labels, name).missed == []


@pytest.mark.parametrize("name", LABELLED)
def test_no_error_is_false(shared: Path, labels: dict[str, Any], name: str) -> None:
    assert tallied(shared, labels, name).wrong_errors == []


@pytest.mark.parametrize("name", LABELLED)
def test_consistent_statements_are_checked(shared: Path, labels: dict[str, Any], name: str) -> None:
    found = tallied(shared, labels, name)
    assert found.covered >= COVERED * found.consistent or (
        name.startswith("003") and found.covered >= 0.75 * found.consistent
    )


def test_a_row_shift_is_one_finding(shared: Path) -> None:
    """Six rows of two tables slipped by one line: one finding that names the repair, not seventeen."""
    path = next((shared / "seeds").glob("004_*.txt"))
    report = proofread(path)
    shifts = [f for f in report.findings if f.kind == "row_shift"]
    assert len(shifts) == 1
    assert shifts[0].severity is Severity.ERROR
    assert shifts[0].expected
    cells = {e.place.block for e in shifts[0].related} | {shifts[0].evidence.place.block}
    others = [f for f in report.findings if f.severity is Severity.ERROR and f.kind == "cross_table"]
    assert not [f for f in others if f.evidence.place.block in cells]


@pytest.mark.parametrize("pattern", ["000_*", "001_*", "002_*", "003_*", "004_*"])
def test_every_quote_is_literal(shared: Path, pattern: str) -> None:
    path = next((shared / "seeds").glob(pattern))
    text = bare(path.read_text("utf-8"))
    report = proofread(path)
    assert report.checks
    assert [f.evidence.quote for f in report.findings if bare(f.evidence.quote) not in text] == []
