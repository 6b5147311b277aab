"""Two workspaces side by side: the same tables, rows and sums to the fen, counted on each engine that is wanted.

The county exports itself as other offices would send it, and is imported through the front door: nothing may be lost or changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yibao.store.settings import EngineName
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Table

#: what an import notes of the files themselves; a county that was made has none
OF_FILES = frozenset({"dip_sheet_rows", "dip_sheet_totals"})


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of a table, and the sums of its money columns in fen, by column."""

    rows: int
    sums: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One table as each workspace counts it on each engine. `same_rows`: every value of every row is equal (content hash)."""

    table: Table
    counted: tuple[tuple[str, Counted], ...]  #: by where and on what it was counted
    same_rows: bool

    @property
    def agrees(self) -> bool:
        return len({counted for _, counted in self.counted}) == 1


def compare(one: Path, other: Path, engines: Sequence[EngineName]) -> Iterator[Compared]:
    """Every table that either workspace has, in the order of the vocabulary, but those that tell of files."""
    opened = [
        (where, engine, Workspace.open(path, engine=engine))
        for engine in engines
        for where, path in (("甲", one), ("乙", other))
    ]
    try:
        first, second = opened[0][2], opened[1][2]
        for table in first.vocabulary.tables.values():
            manifests = [workspace.manifest(table.name) for workspace in (first, second)]
            if any(manifests) and table.name not in OF_FILES:
                counted = tuple((f"{where} {engine}", count(workspace, table)) for where, engine, workspace in opened)
                contents = {manifest.content if manifest else "" for manifest in manifests}
                yield Compared(table, counted, len(contents) == 1)
    finally:
        for _, _, workspace in opened:
            workspace.close()


def count(workspace: Workspace, table: Table) -> Counted:
    """Rows and sums as the workspace's engine finds them in the files."""
    sums = "".join(f", CAST(SUM({name}) AS BIGINT) AS {name}" for name in table.money)
    (row,) = workspace.query(f"SELECT COUNT(*) AS row_count{sums} FROM {table.name}").read_all().to_pylist()
    return Counted(row.pop("row_count"), tuple((name, fen or 0) for name, fen in row.items()))
