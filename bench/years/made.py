"""A drawn year made into its package by the command itself, in this process, and proofread."""

from __future__ import annotations

import io
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import load_workbook

from bench.years.drawn import DrawnYear
from yibao import cli
from yibao.proofread import check_package
from yibao.proofread.findings import Finding
from yibao.proofread.read import read_package

LEDGER = "figures.xlsx"


@dataclass(slots=True)
class Made:
    """What came of a year. `refused`: the sentence with which it was refused; `printed`: figures that documents print."""

    year: DrawnYear
    out: Path
    findings: list[Finding] = field(default_factory=list)
    refused: str = ""  #: what the command said instead of writing
    seconds: float = 0.0
    checking: float = 0.0
    printed: frozenset[str] = frozenset()


def make(year: DrawnYear, folder: Path) -> Made:
    """The package of a year under `folder`, proofread as a whole."""
    year.write(folder)
    made = Made(year, folder / "out")
    start, told = time.perf_counter(), io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(told):
        code = cli.run(["appraise", str(folder), "--out", str(made.out)])
    made.seconds = time.perf_counter() - start
    if code:
        made.refused = told.getvalue() or f"exit code {code}"
        return made
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
