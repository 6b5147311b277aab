"""The line that strings an import together: files → sources → typed and judged rows → accepted, refused, no data → upsert by key.

    text or cells   scan, delimited, workbook, columnar → sources (which table, which column is what)
    stage           every row typed and judged, one pass of DuckDB
    late            keys that occur twice, rows that name what is not there
    reasons         why the refused rows are refused; nodata: what was no row of data
    upsert          the partitions in which something changes, through the workspace's `write`

accepted + refused = read, to the row; importing a file again changes nothing. docs/adr/0011
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import pyarrow as pa

from yibao import __version__
from yibao.errors import UserError
from yibao.store.engines import said_of
from yibao.store.importing import nodata
from yibao.store.importing.judged import Judged, judge
from yibao.store.importing.layout import Asked
from yibao.store.importing.mapping import ColumnMapping
from yibao.store.importing.progress import JUDGED, READ, Span, Told, counted, part, parts, watched
from yibao.store.importing.rejects import write_rejects
from yibao.store.importing.result import Imported, Result
from yibao.store.importing.source import Left, Source
from yibao.store.importing.sources import sources
from yibao.store.importing.typed import macros, quoted
from yibao.store.importing.upsert import Change, find_changes, merged
from yibao.store.manifest import Input, Manifest, Produced
from yibao.store.settings import bytes_of
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Table, Vocabulary

#: rewrites of DuckDB that take the levels of `typed_rows` into one another: every expression would be worked out many times over
INLINING = ("in_clause", "partial_aggregate_pushdown", "projection_placement")
MOST_PARTITIONS = 1_200  #: a century of months
PACKED = 10  #: times that the rows of a Parquet file or a workbook are larger than the file


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line said."""

    files: tuple[Path, ...]
    table: Table | None = None
    mapping: ColumnMapping | None = None
    dry: bool = False

    @property
    def asked(self) -> Asked:
        mapping = self.mapping
        return Asked(self.table, mapping.columns, mapping.constant) if mapping else Asked(self.table)


def import_files(workspace: Workspace, request: Request, told: Told = lambda doing, share: None) -> Result:
    """Bring files into a workspace, tables that others name first. What cannot be read at all is in `refused`, the rest goes on."""
    result = Result(dry=request.dry)
    with workspace.writing("导入文件"), Kitchen(workspace) as kitchen:
        found = in_order(_sources(kitchen, request, result, told), workspace.vocabulary)
        spans = parts([source.path for source in found], READ, 1.0)
        for source, span in zip(found, spans, strict=True):
            with _refusing(result):
                result.imported.append(_import(kitchen, source, request, told, span))
    return result


def _sources(kitchen: Kitchen, request: Request, result: Result, told: Told) -> list[Source]:
    found: list[Source] = []
    spans = parts(request.files, 0.0, READ)
    for number, (path, span) in enumerate(zip(request.files, spans, strict=True)):
        with _refusing(result):
            share = part(told, f"读取 {path.name}", span)
            read = sources(path, kitchen.folder(number), kitchen.workspace.vocabulary, request.asked, share)
            found += [source for source in read if isinstance(source, Source)]
            result.left += [left for left in read if isinstance(left, Left)]
    return found


@contextmanager
def _refusing(result: Result) -> Iterator[None]:
    """What the user can mend becomes a sentence among the refused, and the next file has its turn."""
    try:
        yield
    except UserError as error:
        result.refused.append(error.sentence)
    except (duckdb.Error, OSError) as error:
        if (said := said_of(error)) is None:
            raise
        result.refused.append(said.sentence)


def in_order(found: Sequence[Source], vocabulary: Vocabulary) -> list[Source]:
    """Tables before those that name them; files of one table in the order given."""
    depth: dict[str, int] = {}

    def of(name: str, path: tuple[str, ...] = ()) -> int:
        if name not in depth and name not in path:
            named = {relation.table for relation in vocabulary.tables[name].relations} - {name}
            depth[name] = 1 + max((of(other, (*path, name)) for other in sorted(named)), default=0)
        return depth.get(name, 0)

    return sorted(found, key=lambda source: of(source.reading.table.name))


class Kitchen:
    """A DuckDB of its own beside the workspace's, with the macros, and a working folder that goes when the import ends."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        settings = workspace.settings
        temporary = settings.temporary or workspace.path / ".work"
        temporary.mkdir(parents=True, exist_ok=True)
        if (
            settings.temporary is None
        ):  # our own, under the writer's lock: what stands there was left by an import that died
            for left in temporary.glob("import-*"):
                shutil.rmtree(left, ignore_errors=True)
        self._folder = Path(mkdtemp(prefix="import-", dir=temporary))
        config: dict[str, Any] = {
            "memory_limit": settings.memory,
            "temp_directory": str(self._folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if settings.threads is not None:
            config["threads"] = settings.threads
        self.con = duckdb.connect(":memory:", config=config)
        self.con.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        self.con.execute(f"SET disabled_optimizers = '{','.join(INLINING)}'")
        self.con.execute(macros())
        self.con.execute(nodata.MACROS)

    def make_room(self, source: Source) -> None:
        """Rows that memory would hardly hold go into a database file, a sixth of the text, and not in and out of the spill."""
        size = source.path.stat().st_size * (PACKED if source.how in ("Parquet", "xlsx") else 1)
        if 2 * size > bytes_of(self.workspace.settings.memory):
            self.con.execute(
                f"ATTACH IF NOT EXISTS {quoted(str(self._folder / 'rows.duckdb'))} AS on_disk; USE on_disk"
            )
        else:
            self.con.execute("USE memory")

    def folder(self, number: int) -> Path:
        folder = self._folder / str(number)
        folder.mkdir()
        return folder

    def __enter__(self) -> Kitchen:
        return self

    def __exit__(self, *_: object) -> None:
        self.con.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _import(kitchen: Kitchen, source: Source, request: Request, told: Told, span: Span) -> Imported:
    workspace, con, table = kitchen.workspace, kitchen.con, source.reading.table
    begin, end = span
    middle = end if request.dry else begin + JUDGED * (end - begin)
    kitchen.make_room(source)
    with watched(con, part(told, f"检查 {source.where}", (begin, middle))):
        judged = judge(con, source, workspace)
    manifest = workspace.manifest(table.name)
    files = dict(zip(manifest.partitions, workspace.files(table.name, manifest), strict=True)) if manifest else {}
    change = find_changes(con, table, files)
    if len(change.labels) > MOST_PARTITIONS:
        raise UserError(
            f"{source.where}的日期分散在 {len(change.labels)} 个分区里（{change.labels[0]} 至 {change.labels[-1]}），不像真实数据，没有导入。"
        )
    published = None
    if not request.dry and not change.is_none:
        share = part(told, f"写入 {table.label}", (middle, end))
        there = sum(file.rows for file in manifest.files if file.partition in change.labels) if manifest else 0
        with watched(con, share):
            rows = counted(merged(con, table, files, change), there + change.new, share)
            published = _publish(workspace, source, request, change, rows)
    rejects = None
    if judged.refused and not request.dry:
        name = source.path.stem + (f".{source.sheet}" if source.sheet else "")
        rejects = write_rejects(workspace.path / "rejects", name, judged.source, judged.refused_rows(con))
    placed = None if request.dry else _placed(con, source)
    return _told(judged, change, rejects, published, placed)


def _publish(
    workspace: Workspace, source: Source, request: Request, change: Change, rows: pa.RecordBatchReader
) -> Manifest:
    inputs = [Input(kind="file", name=source.path.name, content=source.sha256)]
    if request.mapping:
        inputs.append(Input(kind="file", name=request.mapping.path.name, content=request.mapping.sha256))
    said: dict[str, str | int | bool | None] = {"sheet": source.sheet} if source.sheet else {}
    produced = Produced(command="yibao import", inputs=tuple(inputs), code=__version__, parameters=said)
    replaces = change.labels if source.reading.table.partition else "all"
    return workspace.write(source.reading.table.name, rows, produced, replaces=replaces, in_order=True)


def _placed(con: Any, source: Source) -> pa.Table | None:
    """Where the rows of another office's sheet stand, also those that occur twice; None for our own tables."""
    table = source.reading.table
    if table.foreign is None:
        return None
    of = [table.partition.of] if table.partition else []
    names = ", ".join(dict.fromkeys([*table.key, *of, *table.added]))
    content = f"CAST(hash({', '.join(table.by_name)}) AS VARCHAR) AS _content"
    text = f"SELECT {names}, _pos + {source.first_row} AS _row, {content} FROM stage WHERE NOT _bad ORDER BY _pos"
    rows: pa.Table = con.sql(text).to_arrow_table()
    return rows


def _told(
    judged: Judged, change: Change, rejects: Path | None, published: Manifest | None, placed: pa.Table | None
) -> Imported:
    source = judged.source
    unknown = tuple(h for h in source.reading.unknown if h.strip() not in ("原文件行号", "退回原因"))
    return Imported(
        where=source.where,
        how=source.how,
        table=source.reading.table,
        columns=len(source.reading.named),
        unknown=unknown,
        unit=source.head.unit,
        merged=source.merged,
        titles={source.reading.table.by_name[name].element.label: said for name, said in source.reading.titles.items()},
        read=judged.read,
        rejected=judged.refused,
        repeated=judged.repeated,
        new=change.new,
        replaced=change.replaced,
        unchanged=change.unchanged,
        no_data=judged.no_data,
        totals=tuple(judged.totals),
        sums=judged.sums,
        references=tuple(judged.references),
        flagged=tuple(judged.flagged),
        reasons=judged.reasons,
        rejects=rejects,
        placed=placed,
        version=published.version if published else None,
    )
