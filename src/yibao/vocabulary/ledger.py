"""The ledger of a package: how its file, its sheets and their columns are called. `appraise` writes it, `proofread` reads it.

Each sheet has a title in its first row and the names of its columns in row `HEADER`.
"""

from __future__ import annotations

from dataclasses import dataclass

NAME = "figures.xlsx"
NAMES = (NAME, "figures（草稿）.xlsx")  #: of a year fit to be published, of a draft
HEADER = 2  #: row of the column names, from 1
BETWEEN_CELLS = "｜"  #: between the cells of a table row that is recorded as one line


@dataclass(frozen=True, slots=True)
class Shape:
    """A sheet of the ledger."""

    name: str
    columns: tuple[str, ...]


PLACES = Shape("印在何处", ("指标", "印出的数", "文件", "位置"))  #: a row for each printing of a figure
LINES = Shape("印出原文", ("文件", "序号", "原文"))  #: a row for each printed line that holds a number
FILES = Shape("印出的文件", ("文件", "校验值"))  #: a row for each file of the run, with the SHA-256 of its bytes
