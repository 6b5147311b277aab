"""Separators between thousands that stand in the wrong place: "1,4588,651,953" (kind digit_grouping).

Such a number is read as no amount, so that nothing else in its table would speak of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from yibao.proofread.document import Cell, Table
from yibao.proofread.findings import Check, Evidence, Verdict
from yibao.proofread.reading import FileReading, Reading

_WITH_COMMAS = re.compile(r"[-−－]?\d{1,6}(?:[,，]\d{1,6})+(?:\.\d+)?")
_GROUPED = re.compile(r"[-−－]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?")
USUAL = 3  #: numbers of the table that are grouped as they should be, from which on the others are slips


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        for i, table in file.source.tables():
            cells = [
                c for row in table.rows for c in row if c.origin is None and _WITH_COMMAS.fullmatch(c.text.strip())
            ]
            odd = [c for c in cells if not _GROUPED.fullmatch(c.text.strip())]
            if len(cells) - len(odd) >= USUAL * max(1, len(odd)):
                yield from (_misgrouped(file, i, table, cell) for cell in odd)


def _misgrouped(file: FileReading, i: int, table: Table, cell: Cell) -> Check:
    number = cell.text.strip()
    where = replace(file.place(i), row=cell.row, column=cell.col, row_label=table.text(cell.row, 0)[:20] or None)
    evidence = Evidence(number, replace(where, address=cell.address))
    message = f"“{number}”的千分位分隔不在三位一组处，疑多输或漏输数字"
    return Check("digit_grouping", Verdict.SUSPICIOUS, evidence, number, None, message, "疑多输或漏输一位数字")
