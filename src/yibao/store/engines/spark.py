"""Spark: the same texts and functions on a cluster, or on this machine. An extra (`pip install yibao[spark]`), and Java 17.

Rows come to us partition after partition as Arrow, in order, so a result never has to fit into memory. `apply` ranges the
groups over the partitions and sorts within each: whole groups, and the same order of rows as DuckDB gives.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from yibao.errors import UserError
from yibao.store.engines import BATCH, Reads, Stored, as_declared, result_schema, said_of
from yibao.store.groups import Fn, applied
from yibao.store.settings import Settings, bytes_of
from yibao.store.sql.functions import Kind
from yibao.store.sql.query import Query, Value

_SPARK_TYPES: Mapping[Kind, str] = {
    "number": "BIGINT",
    "text": "STRING",
    "flag": "BOOLEAN",
    "date": "DATE",
    "time": "TIMESTAMP_NTZ",
}
_PACKED = pa.schema([("batch", pa.binary())])
Batches = Iterable[pa.RecordBatch]
LOG = "spark.log"  #: in the folder of temporary files: all that Spark and Java say


class Spark:
    """A session of its own, so that the tables of one workspace are not those of another."""

    def __init__(self, settings: Settings, temporary: Path) -> None:
        self._session = _start(settings, temporary).newSession()

    def query(self, query: Query, reads: Reads, values: Mapping[str, Value]) -> pa.RecordBatchReader:
        schema = result_schema(query)
        with _translated():
            frame = self._frame(query, reads, values)
        return pa.RecordBatchReader.from_batches(
            schema, self._unpacked(frame.mapInArrow(_pack, "batch binary"), schema)
        )

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
        from pyspark.sql import functions as F

        with _translated():
            frame = self._frame(query, reads, values)
            keys = [F.col(name).asc_nulls_last() for name in partition_key]
            within = [F.col(name).asc_nulls_last() for name in order]
            frame = frame.repartitionByRange(*keys).sortWithinPartitions(*keys, *within)
            packed = frame.mapInArrow(
                _packed_groups(result_schema(query), tuple(partition_key), fn, schema), "batch binary"
            )
        return pa.RecordBatchReader.from_batches(schema, self._unpacked(packed, schema))

    def close(self) -> None:
        """Spark itself goes on: starting it takes many seconds, and it ends with the process."""

    def _frame(self, query: Query, reads: Reads, values: Mapping[str, Value]) -> Any:
        for name, of in reads.items():
            if isinstance(of, Stored):
                shape = ", ".join(f"`{column}` {_SPARK_TYPES[kind]}" for column, kind in of.columns.items())
                files = [path.resolve().as_uri() for path in of.files]
                frame = (
                    self._session.read.schema(shape).parquet(*files)
                    if files
                    else self._session.createDataFrame([], shape)
                )
            else:
                frame = self._session.createDataFrame(of)
            frame.createOrReplaceTempView(name)
        return self._session.sql(query.render("spark"), args=dict(values))

    def _unpacked(self, frame: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with _translated():
            for row in frame.toLocalIterator():
                with pa.ipc.open_stream(io.BytesIO(row.batch)) as stream:
                    for batch in stream:
                        yield as_declared(batch, schema)


def _pack(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Each batch as one row that holds it: so a result comes to us a partition at a time, and still as Arrow."""
    for batch in batches:
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        yield pa.RecordBatch.from_arrays([pa.array([sink.getvalue()], pa.binary())], schema=_PACKED)


def _packed_groups(
    rows: pa.Schema, partition_key: Sequence[str], fn: Fn, schema: pa.Schema
) -> Callable[[Batches], Batches]:
    def pack(batches: Batches) -> Iterator[pa.RecordBatch]:
        declared = (as_declared(batch, rows) for batch in batches)
        yield from _pack(applied(declared, partition_key, fn, schema))

    return pack


def _start(settings: Settings, temporary: Path) -> Any:
    """The session of this process, made when it is first asked for; UserError without pyspark or Java."""
    try:
        from py4j.protocol import Py4JError
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import SparkSession
    except ImportError:
        raise UserError(
            "工作区的 engine 是 spark，但没有安装 pyspark。请安装 yibao[spark]，或在 yibao.yaml 里改为 engine: duckdb。"
        ) from None
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UserError(
            "工作区的 engine 是 spark，但这台电脑没有 Java。请安装 Java 17，或在 yibao.yaml 里改为 engine: duckdb。"
        )
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf().setMaster(settings.spark).setAppName("yibao")
    conf.setAll(list(_configuration(settings, temporary).items()))
    log = temporary / LOG
    try:
        if SparkContext._gateway is None:
            with log.open("ab") as said:  # what Java says from its first line on is no report of ours
                SparkContext(conf=conf, gateway=launch_gateway(conf, {"stdout": said, "stderr": said}))
        return SparkSession.builder.config(conf=conf).getOrCreate()
    except (PySparkException, Py4JError, OSError, RuntimeError) as error:
        raise UserError(
            f"Spark（{settings.spark}）没有启动起来（{type(error).__name__}）。请检查 Java 17 和主节点的地址，详情见“{log}”。"
        ) from error


def _configuration(settings: Settings, temporary: Path) -> dict[str, str]:
    local = settings.spark.startswith("local")
    threads = settings.threads or os.cpu_count() or 2
    temporary.mkdir(parents=True, exist_ok=True)
    return {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
        "spark.sql.warehouse.dir": (temporary / "spark-warehouse").resolve().as_uri(),
        "spark.local.dir": str((temporary / "spark").resolve()),
        "spark.driver.memory": f"{bytes_of(settings.memory) // 10**6}m",
        **({"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"} if local else {}),
        **({"spark.sql.shuffle.partitions": str(2 * threads)} if local else {}),
    }


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        if (said := said_of(error)) is not None:
            raise said from error
        raise
