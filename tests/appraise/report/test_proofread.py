"""What we print, proofread: no error in any layout; what arithmetic alone finds of numbers altered afterwards.

With the package's own record every one is found: tests/appraise/test_record.py.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.appraise.report.written import write_reports
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.report.compose import compose
from yibao.appraise.report.composed import Paragraph, Report, Run, Section
from yibao.appraise.report.text import read_texts
from yibao.proofread import check_package
from yibao.proofread.findings import Finding, Severity
from yibao.proofread.read import read_package

YEAR = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"
ALTERATIONS = 30
#: of 30, exactly one root finding, wherever it points: what is measured, to be raised, never lowered
FOUND_ONCE = 22


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return appraise(YEAR)


def findings(reports: tuple[Report, ...], folder: Path) -> list[Finding]:
    write_reports(reports, folder)
    return [f for report in check_package(read_package(folder)) for f in report.findings]


@pytest.mark.parametrize("layout", ["益阳", "岳阳", "广东"])
def test_every_layout_is_clean(appraisal: Appraisal, layout: str, tmp_path: Path) -> None:
    found = findings(compose(appraisal, read_texts(YEAR), layout=layout), tmp_path)
    assert [f.message for f in found if f.severity is Severity.ERROR] == []


def test_the_one_warning_is_explained_in_the_report(appraisal: Appraisal, tmp_path: Path) -> None:
    """预算控制率 after the bureau's own formula, which stands in brackets behind it."""
    reports = compose(appraisal, read_texts(YEAR))
    assert [f.kind for f in findings(reports, tmp_path)] == ["definition"]
    assert "预算控制率183.86%（全年预算÷年初预算）" in reports[0].text


def altered(report: Report, number: int, text: str) -> Report:
    """The report with its figure of that number printed otherwise."""
    seen = iter(range(10_000))

    def run(old: Run) -> Run:
        return replace(old, text=text) if is_number(old) and next(seen) == number else old

    def paragraph(old: Paragraph | None) -> Paragraph | None:
        return None if old is None else replace(old, runs=tuple(map(run, old.runs)))

    def section(old: Section) -> Section:
        heading = paragraph(old.heading)
        paragraphs = tuple(p for p in map(paragraph, old.paragraphs) if p is not None)
        return Section(heading, paragraphs, tuple(map(section, old.sections)))

    return replace(report, sections=tuple(map(section, report.sections)))


def is_number(run: Run) -> bool:
    return run.is_figure and bool(re.search(r"\d", run.text))


def test_arithmetic_alone_finds_most_altered_numbers(appraisal: Appraisal, tmp_path: Path) -> None:
    reports = compose(appraisal, read_texts(YEAR))
    before = Counter((f.kind, f.evidence.quote) for f in findings(reports, tmp_path))
    numbers = [
        (i, n, run)
        for i, report in enumerate(reports)
        for n, run in enumerate(r for _, p in report.paragraphs for r in p.runs if is_number(r))
    ]
    rng, found = random.Random(7), Counter[int]()
    for i, n, run in rng.sample(numbers, ALTERATIONS):
        at = rng.choice([m.start() for m in re.finditer(r"\d", run.text)])
        digit = rng.choice([c for c in "123456789" if c != run.text[at]])
        changed = altered(reports[i], n, run.text[:at] + digit + run.text[at + 1 :])
        after = findings((*reports[:i], changed, *reports[i + 1 :]), tmp_path)
        new = [f for f in after if (f.kind, f.evidence.quote) not in before and f.severity is not Severity.INFO]
        found[len(new)] += 1
    assert found[1] >= FOUND_ONCE, found
