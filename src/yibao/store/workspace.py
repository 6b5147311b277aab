"""The workspace: open it, ask it, write to it.

    workspace = Workspace.open(find_workspace())
    for batch in workspace.query("SELECT … FROM fee_lines WHERE service_time >= $first_day", first_day=date(2025, 1, 1)): …
    workspace.write("settlements", rows, workspace.produced("yibao settle", reads=["visits", "fee_lines"]))

A stream keeps the version that it began with, whatever is published meanwhile. Rows are never changed in place: `write`
publishes a new version, and the old one stays in the history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from yibao import __version__
from yibao.errors import UserError
from yibao.store.ahead import ahead
from yibao.store.engines import Engine, Reads, Stored
from yibao.store.engines.duck import Duck
from yibao.store.groups import Fn, applied
from yibao.store.lock import WriterLock
from yibao.store.manifest import Input, Manifest, Produced
from yibao.store.parquet import stored_batches
from yibao.store.schema import ARROW_TYPES, reader_of
from yibao.store.settings import EngineName, Settings, create_folders, read_settings
from yibao.store.shelf import Shelf
from yibao.store.sql.functions import Kind
from yibao.store.sql.query import KIND_OF, Query, Value, check, kind_of_value, shape_of
from yibao.store.sql.text import Text
from yibao.store.write import Replaces, columns_of, write_table
from yibao.vocabulary.tables import Table, Vocabulary, load_tables

Given = Mapping[str, pa.Table]  #: rows that a text may read beside the tables, by a name of their own


class Workspace:
    """One folder of tables. Close it, or use it in `with`, so that the engine's spill goes."""

    def __init__(self, path: Path, settings: Settings, vocabulary: Vocabulary) -> None:
        self.path = path
        self.settings = settings
        self.vocabulary = vocabulary
        self._lock = WriterLock(path / ".work")
        self._checked: dict[object, Query] = {}

    @classmethod
    def create(
        cls, path: str | Path, region: str, engine: EngineName = "duckdb", *, vocabulary: Vocabulary | None = None
    ) -> Workspace:
        """An empty workspace in a new or empty folder; UserError where there is something already."""
        create_folders(Path(path), Settings(region=region, engine=engine, created_by=__version__))
        return cls.open(path, vocabulary=vocabulary)

    @classmethod
    def open(
        cls, path: str | Path, *, engine: EngineName | None = None, vocabulary: Vocabulary | None = None
    ) -> Workspace:
        """`engine` instead of the one in the settings. UserError where the folder is no workspace."""
        settings = read_settings(Path(path))
        if engine is not None:
            settings = settings.model_copy(update={"engine": engine})
        return cls(Path(path), settings, vocabulary or load_tables())

    def query(self, sql: str | Text, given: Given | None = None, **values: Value) -> pa.RecordBatchReader:
        """The rows that a text gives, streamed; without an ORDER BY in no order. `values` are its $parameters."""
        query = self.check(sql, given, values)
        return self._engine.query(query, self._reads(query, given), values)

    def apply(
        self,
        sql: str | Text,
        partition_key: str | Sequence[str],
        order: str | Sequence[str],
        fn: Fn,
        schema: pa.Schema,
        given: Given | None = None,
        **values: Value,
    ) -> pa.RecordBatchReader:
        """`fn` over the rows of a text, group after group.

        `fn` gets tables of whole groups (equal `partition_key`), sorted by it and then by `order`, nulls last, and gives rows of
        `schema`. It may be called on another machine: what it needs comes with it or from its module.
        """
        query = self.check(sql, given, values)
        keys, within = _names(partition_key), _names(order)
        if strange := [name for name in (*keys, *within) if name not in query.columns]:
            raise ValueError(f"the text gives no column {', '.join(strange)}")
        return self._engine.apply(query, self._reads(query, given), values, keys, within, fn, schema)

    def apply_stored(
        self,
        table_name: str,
        partition: str,
        partition_key: str | Sequence[str],
        fn: Fn,
        schema: pa.Schema,
        codes: Sequence[str] = (),
    ) -> pa.RecordBatchReader:
        """`fn` over the rows of one partition, group after group, in the order of the table's key: files are stored in it, nothing is sorted.

        `partition_key` is the beginning of the key. The columns in `codes` come as dictionaries. Reading, `fn` and whoever takes the rows work side by side.
        """
        table = self.table(table_name)
        keys = _names(partition_key)
        if keys != table.key[: len(keys)]:
            raise ValueError(f"{table.name} is not stored in order of {', '.join(keys)}")
        manifest = self.manifest(table_name)
        paths = (
            [self.shelf(table_name).folder / f.path for f in manifest.files if f.partition == partition]
            if manifest
            else []
        )
        batches = ahead(batch for path in paths for batch in stored_batches(path, codes))
        return pa.RecordBatchReader.from_batches(schema, ahead(applied(batches, keys, fn, schema)))

    def write(
        self,
        table_name: str,
        rows: pa.RecordBatchReader | pa.Table | pa.RecordBatch,
        produced_by: Produced,
        replaces: Replaces = "all",
        *,
        publish_equal: bool = True,
        in_order: bool = False,
    ) -> Manifest:
        """Publish rows as the next version of a table, whole or of the partitions in `replaces`; the manifest that now counts.

        UserError, and the old version stands, where the rows break the declaration. Rows that were written before by the same
        command from the same inputs are no new version; with `publish_equal` false, neither are equal rows from elsewhere.
        `in_order`: the rows are sorted by key already; ValueError where they are not.
        """
        table, shelf = self.table(table_name), self.shelf(table_name)
        with self.writing(f"写入“{table.label}”"):
            before = shelf.current()
            manifest = write_table(shelf, table, reader_of(rows), produced_by, replaces, self._duck, in_order=in_order)
            if before and (manifest.says_the_same(before) or (manifest.same_rows(before) and not publish_equal)):
                return before
            shelf.publish(manifest)
        return manifest

    @contextmanager
    def writing(self, doing: str) -> Iterator[None]:
        """Be the one writer over several steps (read, decide, write); UserError says who is, where somebody else is."""
        with self._lock.held(doing):
            yield

    def manifest(self, table_name: str) -> Manifest | None:
        """The version that counts now; None where nothing was written yet."""
        return self.shelf(table_name).current()

    def history(self, table_name: str) -> Iterator[Manifest]:
        """Every version, the newest first."""
        return self.shelf(table_name).history()

    def files(self, table_name: str, manifest: Manifest | None = None) -> tuple[Path, ...]:
        """The Parquet files of a version, of the current one where none is said, in order of their partitions."""
        shelf = self.shelf(table_name)
        manifest = manifest or shelf.current()
        return tuple(shelf.folder / file.path for file in manifest.files) if manifest else ()

    def has_rows(self, table_name: str, manifest: Manifest) -> bool:
        """Are the files of a version still there? Those of old ones may have been pruned."""
        return all(path.exists() for path in self.files(table_name, manifest))

    def row(self, table_name: str, key: Sequence[object], manifest: Manifest | None = None) -> dict[str, object] | None:
        """One row of a version by the values of its key, as its files have it; None where it is not there."""
        files = self.files(table_name, manifest)
        return self._duck.row(files, self.table(table_name).key, key) if files else None

    def produced(
        self,
        command: str,
        reads: Collection[str] = (),
        inputs: Sequence[Path] = (),
        **parameters: str | int | bool | None,
    ) -> Produced:
        """What a command is about to make rows from: versions of tables and files, with their hashes."""
        tables = [(name, self.manifest(name)) for name in sorted(reads)]
        made_from = [Input(kind="table", name=name, content=m.content) for name, m in tables if m is not None]
        made_from += [Input(kind="file", name=path.name, content=_file_hash(path)) for path in inputs]
        return Produced(command=command, inputs=tuple(made_from), code=__version__, parameters=parameters)

    def table(self, name: str) -> Table:
        """A declared table by its English name or Chinese label; UserError for a stranger."""
        try:
            return self.vocabulary.table(name)
        except KeyError:
            raise UserError(f"没有“{name}”这张表。用 yibao dictionary 查看所有的表。") from None

    def shelf(self, table_name: str) -> Shelf:
        return Shelf(self.path / "tables" / self.table(table_name).name)

    def check(self, sql: str | Text, given: Given | None = None, values: Mapping[str, Value] | None = None) -> Query:
        """A text held against the subset and the vocabulary (`yibao.store.sql`); UserError with line, column and reason."""
        takes = {name: kind_of_value(name, value) for name, value in (values or {}).items()}
        text = sql.sql if isinstance(sql, Text) else sql
        extra = {name: _shape_of_rows(name, rows) for name, rows in (given or {}).items()}
        known = (
            text,
            tuple(sorted(takes.items())),
            tuple((name, tuple(shape.items())) for name, shape in extra.items()),
        )
        if known not in self._checked:
            if taken := [name for name in extra if name in self.vocabulary.tables]:
                raise ValueError(f"{taken[0]} is a declared table")
            said = {"name": sql.file, "line": sql.line} if isinstance(sql, Text) else {}
            self._checked[known] = check(text, {**self._shapes, **extra}, takes, **said)  # type: ignore[arg-type]
        return self._checked[known]

    def close(self) -> None:
        for name in ("_engine", "_duck"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _shapes(self) -> Mapping[str, Mapping[str, Kind]]:
        return {name: shape_of(table) for name, table in self.vocabulary.tables.items()}

    @cached_property
    def _duck(self) -> Duck:
        try:
            return Duck(self.settings.memory, self.settings.threads, self._temporary)
        except OSError as error:
            said = f"不能在“{self._temporary}”里写临时文件（{error.strerror}）"
            raise UserError(f"{said}。请检查写入权限，或在 yibao.yaml 里用 temporary 指定另一个位置。") from error

    @cached_property
    def _engine(self) -> Engine:
        if self.settings.engine == "spark":
            from yibao.store.engines.spark import Spark

            return Spark(self.settings, self._temporary)
        return self._duck

    @property
    def _temporary(self) -> Path:
        return self.settings.temporary or self.path / ".work"

    def _reads(self, query: Query, given: Given | None) -> Reads:
        """What the text reads, of the versions that count at this moment."""
        return {name: given[name] if given and name in given else self._stored(name) for name in sorted(query.tables)}

    def _stored(self, table_name: str) -> Stored:
        manifest = self.manifest(table_name)
        there = manifest.columns if manifest else columns_of(self.table(table_name))
        absent = frozenset(self._shapes[table_name]) - frozenset(there)
        return Stored(self.files(table_name, manifest) if manifest else (), self._shapes[table_name], absent)


def _names(said: str | Sequence[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _shape_of_rows(name: str, rows: pa.Table) -> dict[str, Kind]:
    kinds = {ARROW_TYPES[declared]: kind for declared, kind in KIND_OF.items()}
    if strange := [field.name for field in rows.schema if field.type not in kinds]:
        raise ValueError(f"{name}.{strange[0]} has a type that no declared column has")
    return {field.name: kinds[field.type] for field in rows.schema}


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
