"""清理: the data files that only old versions name, and those that no version names, are taken off the disk.

A version that is kept keeps every file that it names, and a file is shared between versions as long as its rows are equal. The
manifests stay: what an old version held, its sums, its hash and what it was made from can be told as before; its rows cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yibao.store.manifest import Manifest
from yibao.store.shelf import Shelf, patiently
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Table

KEEP = 10  #: versions of a table, where nothing else is said


@dataclass(frozen=True, slots=True)
class Superfluous:
    """What can go of one table. `lost`: versions whose rows will not be there any more; `strays`: files of no version, after a crash."""

    table: Table
    versions: int
    lost: tuple[int, ...]
    files: tuple[Path, ...]
    strays: int
    size: int  #: bytes


def superfluous(workspace: Workspace, keep: int = KEEP) -> list[Superfluous]:
    """The tables that have something to give up when the newest `keep` versions of each stay (at least the current one)."""
    tables = workspace.vocabulary.tables.values()
    found = [_of_table(workspace.shelf(table.name), table, max(keep, 1)) for table in tables]
    return [one for one in found if one.files]


def _of_table(shelf: Shelf, table: Table, keep: int) -> Superfluous:
    versions = list(shelf.history())
    kept = _paths(shelf, versions[:keep])
    named = _paths(shelf, versions)
    files = tuple(sorted(path for path in shelf.files.glob("*") if path not in kept))
    gone = set(files)
    return Superfluous(
        table,
        len(versions),
        tuple(m.version for m in reversed(versions[keep:]) if _paths(shelf, [m]) & gone),
        files,
        len(gone - named),
        sum(path.stat().st_size for path in files),
    )


def _paths(shelf: Shelf, versions: list[Manifest]) -> set[Path]:
    return {shelf.folder / file.path for manifest in versions for file in manifest.files}


def prune(workspace: Workspace, keep: int = KEEP) -> list[Superfluous]:
    """Delete them, found anew under the writer's lock; what was deleted. OSError where a file is held by another program."""
    with workspace.writing("清理旧版本"):
        found = superfluous(workspace, keep)
        for one in found:
            for path in one.files:
                patiently(path.unlink)
    return found
