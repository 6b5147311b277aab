"""A workspace for each test, and short ways to write a file and to import it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from yibao.store.importing.importer import Request, import_files
from yibao.store.importing.result import Imported, Result
from yibao.store.workspace import Workspace

Bring = Callable[..., Imported]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "county", "cn-43") as opened:
        yield opened


@pytest.fixture
def bring_all(workspace: Workspace) -> Callable[..., Result]:
    """Import files; the whole result."""

    def run(*paths: Path, as_: str | None = None, dry: bool = False, mapping: object = None) -> Result:
        table = workspace.table(as_) if as_ else None
        return import_files(workspace, Request(tuple(paths), table, mapping, dry))  # type: ignore[arg-type]

    return run


@pytest.fixture
def bring(bring_all: Callable[..., Result]) -> Bring:
    """Import one file that holds one table."""

    def run(path: Path, **more: object) -> Imported:
        result = bring_all(path, **more)
        assert result.refused == []
        (imported,) = result.imported
        assert imported.accepted + imported.rejected == imported.read
        assert imported.new + imported.replaced + imported.unchanged + imported.repeated == imported.accepted
        return imported

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A text file of lines in an encoding."""

    def run(lines: Sequence[str], name: str = "数据.csv", encoding: str = "utf-8", end: str = "\n") -> Path:
        path = tmp_path / name
        path.write_bytes((end.join(lines) + end).encode(encoding))
        return path

    return run


def rows_of(workspace: Workspace, table: str, columns: str = "*") -> list[dict[str, object]]:
    """The table as it stands, in order of its key."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = workspace.files(table)
    if not files:
        return []
    rows = pa.concat_tables([pq.read_table(file) for file in files])
    names = [(name, "ascending") for name in workspace.table(table).key]
    chosen = rows.sort_by(names) if columns == "*" else rows.sort_by(names).select(columns.split())
    found: list[dict[str, object]] = chosen.to_pylist()
    return found
