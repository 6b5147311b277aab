"""DuckDB: in this process, over Parquet, within a memory limit, without downloads.

Each query has a cursor of its own: DuckDB 2.0 refuses work on a connection behind a result that is not read to its end.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from yibao.store.engines import BATCH, Reads, Stored, as_declared, result_schema, said_of
from yibao.store.groups import Fn, applied
from yibao.store.sql.functions import SQL_TYPES
from yibao.store.sql.query import Query, Value

_SPILL = "duckdb-"


class Duck:
    """One in-memory DuckDB. `memory` as DuckDB writes it ("2GB"); it spills into a folder of its own below `temporary`."""

    def __init__(self, memory: str, threads: int | None, temporary: Path) -> None:
        _remove_left(temporary)
        temporary.mkdir(parents=True, exist_ok=True)
        self._spill = Path(mkdtemp(prefix=_SPILL, dir=temporary))
        self._lock = FileLock(self._spill / "lock", timeout=0)
        self._lock.acquire()
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(self._spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }
        if threads is not None:
            config["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=config)

    def query(self, query: Query, reads: Reads, values: Mapping[str, Value]) -> pa.RecordBatchReader:
        schema = result_schema(query)
        batches = self._batches(query.render("duckdb"), reads, values)
        return pa.RecordBatchReader.from_batches(schema, (as_declared(batch, schema) for batch in batches))

    def apply(
        self,
        query: Query,
        reads: Reads,
        values: Mapping[str, Value],
        partition_key: Sequence[str],
        order: Sequence[str],
        fn: Fn,
        schema: pa.Schema,
    ) -> pa.RecordBatchReader:
        ordered = f"SELECT * FROM ({query.render('duckdb')}) AS q ORDER BY {_order((*partition_key, *order))}"
        rows = result_schema(query)
        batches = (as_declared(batch, rows) for batch in self._batches(ordered, reads, values))
        return pa.RecordBatchReader.from_batches(schema, applied(batches, partition_key, fn, schema))

    def sorted(self, rows: pa.RecordBatchReader, key: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Any stream in order of a key, spilling what does not fit; an error in the stream comes out as it was raised."""
        caught: list[BaseException] = []
        kept = pa.RecordBatchReader.from_batches(rows.schema, _catching(rows, caught))
        cursor = self._connection.cursor()
        try:
            with _translated():
                cursor.register("incoming", kept)
                relation = cursor.sql(f"SELECT * FROM incoming ORDER BY {_order(key)}")
                yield from relation.to_arrow_reader(BATCH)
        except Exception:
            if caught:
                raise caught[0] from None
            raise
        finally:
            cursor.close()

    def first_common_key(
        self, new: Sequence[Path], old: Sequence[Path], key: Sequence[str]
    ) -> tuple[object, ...] | None:
        """A key that both sets of files hold."""
        names = ", ".join(map(_quoted, key))
        sql = f"SELECT {names} FROM {_parquet(old)} INTERSECT SELECT {names} FROM {_parquet(new)} ORDER BY ALL LIMIT 1"
        with _translated(), self._connection.cursor() as cursor:
            found: tuple[object, ...] | None = cursor.execute(sql).fetchone()
        return found

    def row(self, files: Sequence[Path], key: Sequence[str], values: Sequence[object]) -> dict[str, object] | None:
        """The row with this key, by column."""
        where = " AND ".join(f"{_quoted(name)} = ?" for name in key)
        with _translated(), self._connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {_parquet(files)} WHERE {where}", list(values))
            names, found = [column[0] for column in cursor.description or ()], cursor.fetchone()
        return None if found is None else dict(zip(names, found, strict=True))

    def close(self) -> None:
        self._connection.close()
        self._lock.release()
        shutil.rmtree(self._spill, ignore_errors=True)

    def _batches(self, sql: str, reads: Reads, values: Mapping[str, Value]) -> Iterator[pa.RecordBatch]:
        """The rows of a text, begun at once so that a mistake in it is raised here."""
        cursor = self._connection.cursor()
        try:
            with _translated():
                for name, of in reads.items():
                    if isinstance(of, Stored):
                        cursor.execute(f"CREATE TEMP VIEW {_quoted(name)} AS {view(of)}")
                    else:
                        cursor.register(name, of)
                reader = cursor.sql(sql, params=dict(values) or None).to_arrow_reader(BATCH)
        except BaseException:
            cursor.close()
            raise
        return _read(reader, cursor)

    def __enter__(self) -> Duck:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read(reader: pa.RecordBatchReader, cursor: duckdb.DuckDBPyConnection) -> Iterator[pa.RecordBatch]:
    try:
        with _translated():
            yield from reader
    finally:
        cursor.close()


def view(stored: Stored) -> str:
    """The SELECT that stands for a table: its files, or no rows of its types."""
    columns = []
    for name, kind in stored.columns.items():
        given = not stored.files or name in stored.absent
        columns.append(f"CAST(NULL AS {SQL_TYPES[kind]}) AS {_quoted(name)}" if given else _quoted(name))
    source = f"FROM {_parquet(stored.files)}" if stored.files else "WHERE FALSE"
    return f"SELECT {', '.join(columns)} {source}"


def _parquet(files: Sequence[Path]) -> str:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    return f"read_parquet([{listed}])"


def _order(names: Sequence[str]) -> str:
    return ", ".join(f"{_quoted(name)} NULLS LAST" for name in names)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _catching(rows: Iterable[pa.RecordBatch], caught: list[BaseException]) -> Iterator[pa.RecordBatch]:
    try:
        yield from rows
    except BaseException as error:
        caught.append(error)
        raise


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if (said := said_of(error)) is not None:
            raise said from error
        raise


def _remove_left(temporary: Path) -> None:
    """The spill of processes that died: nobody holds its lock."""
    for folder in temporary.glob(f"{_SPILL}*"):
        try:
            with FileLock(folder / "lock", timeout=0):
                pass
            shutil.rmtree(folder, ignore_errors=True)
        except (Timeout, OSError):
            continue
