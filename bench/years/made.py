"""A drawn year made into its package and proofread, in this process."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import load_workbook

from bench.years.drawn import DrawnYear
from yibao.appraise.appraisal import appraise
from yibao.appraise.publish import publish
from yibao.appraise.report.write import report_documents, reports_of
from yibao.errors import UserError
from yibao.proofread import check_package
from yibao.proofread.findings import Finding
from yibao.proofread.printed_lines import printed_lines
from yibao.proofread.read import read_package

LEDGER = "figures.xlsx"


@dataclass(slots=True)
class Made:
    """What came of a year. `refused`: the sentence with which it was refused; `printed`: figures that documents print."""

    year: DrawnYear
    out: Path
    findings: list[Finding] = field(default_factory=list)
    refused: str = ""
    seconds: float = 0.0
    checking: float = 0.0
    printed: frozenset[str] = frozenset()


def make(year: DrawnYear, folder: Path) -> Made:
    """The package of a year under `folder`, proofread as a whole."""
    year.write(folder)
    made = Made(year, folder / "out")
    start = time.perf_counter()
    try:
        appraisal = appraise(folder)
        documents = report_documents(reports_of(appraisal, folder))
        publish(appraisal, made.out, more=documents, lines=printed_lines)
    except UserError as error:
        made.refused = str(error)
        return made
    made.seconds = time.perf_counter() - start
    made.printed = _printed(made.out)
    start = time.perf_counter()
    made.findings = proofread(made.out)
    made.checking = time.perf_counter() - start
    return made


def proofread(out: Path) -> list[Finding]:
    return [finding for report in check_package(read_package(out)) for finding in report.findings]


def _printed(out: Path) -> frozenset[str]:
    """The ids of the figures that figures.xlsx says are printed somewhere."""
    book = load_workbook(out / LEDGER, read_only=True)
    _, heads, *rows = book["指标"].iter_rows(values_only=True)
    book.close()
    where = heads.index("印在")
    return frozenset(str(row[0]) for row in rows if row[where])
