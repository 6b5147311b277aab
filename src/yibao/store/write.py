"""`write`: any Arrow stream becomes the next version of a table, sorted by its key, checked, cut and published.

Every check is made on the rows themselves, whichever engine or hand they come from: columns and their real types, empty
values, keys that occur twice. A row that breaks one stops the write, and the old version stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from yibao.errors import UserError
from yibao.store.engines.duck import Duck
from yibao.store.manifest import DataFile, Manifest, Produced, content_of, total
from yibao.store.parquet import PartitionedFiles
from yibao.store.schema import arrow_schema, conform, refuse_other_columns
from yibao.store.shelf import Shelf
from yibao.vocabulary.tables import Column, Table

Replaces = str | Collection[str]  #: "all", or labels of partitions


def write_table(
    shelf: Shelf,
    table: Table,
    rows: pa.RecordBatchReader,
    produced_by: Produced,
    replaces: Replaces,
    duck: Duck,
    *,
    in_order: bool = False,
) -> Manifest:
    """The manifest of the new version, its files in place, not yet published. Only under the writer's lock.

    `replaces`: "all", or the label or labels of the partitions ("2025-01", "2025") that the rows take the place of; others stay as they are.
    `in_order`: the rows come sorted by key (that is checked, not believed), so they need not be sorted again.
    """
    replaces = (replaces,) if isinstance(replaces, str) and replaces != "all" else replaces
    refuse_other_columns(rows.schema, table)
    before = shelf.current()
    kept = _kept(table, before, replaces)
    shelf.prepare()
    files = PartitionedFiles(shelf.files, table)
    try:
        for batch in checked(rows if in_order else duck.sorted(rows, table.key), table):
            files.add(batch)
        written = files.close()
    except BaseException:
        files.abandon()
        raise
    if replaces != "all":
        _refuse_strays(table, written, replaces)
        _refuse_keys_elsewhere(shelf.folder, table, written, kept, duck)
    return _manifest(table, before, tuple(sorted((*kept, *written), key=lambda f: f.partition)), produced_by)


def checked(batches: Iterable[pa.RecordBatch], table: Table) -> Iterator[pa.RecordBatch]:
    """Sorted rows with the declared schema; UserError for an empty value where none may be, and for a key that occurs twice."""
    schema = arrow_schema(table)
    last: pa.RecordBatch | None = None
    for batch in batches:
        if not batch.num_rows:
            continue
        rows = conform(batch, schema)
        for column in table.columns:
            _refuse_empty(rows, column, table)
        _refuse_twice(rows, last, table)
        _refuse_disorder(rows, last, table)
        last = rows.slice(rows.num_rows - 1)
        yield rows


def _refuse_empty(rows: pa.RecordBatch, column: Column, table: Table) -> None:
    values = rows.column(column.name)
    if not column.nullable and values.null_count:
        row = pc.index(values.is_null(), True).as_py()
        raise UserError(
            f"写入“{table.label}”的数据里，列 {_named(column)} 不能为空，{_key(rows, row, table)} 的一行是空的，没有写入。"
        )
    if column.type in ("code", "text") and not column.blank:
        blank = pc.index(pc.binary_length(values), pa.scalar(0, pa.int32())).as_py()
        if blank >= 0:
            said = f"列 {_named(column)} 在 {_key(rows, blank, table)} 的一行是空文字"
            raise UserError(f"写入“{table.label}”的数据里，{said}；没有内容应写空值（NULL），没有写入。")


def _refuse_twice(rows: pa.RecordBatch, last: pa.RecordBatch | None, table: Table) -> None:
    """Equal keys are neighbours, since the rows are sorted by key."""
    keys = _joined(rows, last, table)
    if keys.num_rows < 2:
        return
    same = None
    for name in table.key:
        column = keys.column(name)
        equal = pc.equal(column.slice(1), column.slice(0, len(column) - 1))
        same = equal if same is None else pc.and_(same, equal)
    first = pc.index(same, True).as_py()
    if first >= 0:
        raise UserError(f"写入“{table.label}”的数据里，主键 {_key(keys, first, table)} 不止一行，没有写入。")


def _refuse_disorder(rows: pa.RecordBatch, last: pa.RecordBatch | None, table: Table) -> None:
    """ValueError where a key is before its predecessor's: whoever promised an order was wrong."""
    keys = _joined(rows, last, table)
    before = None
    for name in reversed(table.key):
        column = keys.column(name)
        here, earlier = column.slice(1), column.slice(0, len(column) - 1)
        less = pc.less(here, earlier)
        before = less if before is None else pc.or_(less, pc.and_(pc.equal(here, earlier), before))
    if before is not None and pc.any(before).as_py():
        raise ValueError(f"rows for {table.name} are not in order of their key")


def _joined(rows: pa.RecordBatch, last: pa.RecordBatch | None, table: Table) -> pa.RecordBatch:
    """The keys of a batch, behind the last key of the batch before."""
    keys = rows.select(list(table.key))
    if last is None:
        return keys
    return pa.Table.from_batches([last.select(list(table.key)), keys]).combine_chunks().to_batches()[0]


def _kept(table: Table, before: Manifest | None, replaces: Replaces) -> tuple[DataFile, ...]:
    if before is None or replaces == "all":
        return ()
    if before.columns != columns_of(table) or before.key != table.key:
        raise UserError(f"“{table.label}”的列或主键的声明改过，不能只替换一部分，请整表重新写入。")
    return tuple(file for file in before.files if file.partition not in replaces)


def _refuse_strays(table: Table, written: Iterable[DataFile], replaces: Replaces) -> None:
    if strays := [file.partition for file in written if file.partition not in replaces]:
        raise UserError(f"写入“{table.label}”的数据有不在替换范围内的分区 {'、'.join(strays)}，没有写入。")


def _refuse_keys_elsewhere(
    folder: Path, table: Table, written: Iterable[DataFile], kept: Iterable[DataFile], duck: Duck
) -> None:
    new, old = [folder / file.path for file in written], [folder / file.path for file in kept]
    if new and old and (key := duck.first_common_key(new, old, table.key)):
        said = "，".join(f"{name}={value}" for name, value in zip(table.key, key, strict=True))
        raise UserError(f"写入“{table.label}”的数据里，主键 {said} 在没有替换的分区里已有一行，没有写入。")


def _manifest(table: Table, before: Manifest | None, files: tuple[DataFile, ...], produced_by: Produced) -> Manifest:
    return Manifest(
        table=table.name,
        version=before.version + 1 if before else 1,
        previous=before.name if before else None,
        published_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        rows=sum(file.rows for file in files),
        sums=total(files, table.money),
        content=content_of(files),
        columns=columns_of(table),
        key=table.key,
        files=files,
        produced_by=produced_by,
    )


def columns_of(table: Table) -> dict[str, str]:
    """Names and physical types, as a manifest keeps them."""
    return {field.name: str(field.type) for field in arrow_schema(table)}


def _named(column: Column) -> str:
    return f"{column.name}（{column.element.label}）"


def _key(rows: pa.RecordBatch, row: int, table: Table) -> str:
    return "，".join(f"{name}={rows.column(name)[row].as_py()}" for name in table.key)
