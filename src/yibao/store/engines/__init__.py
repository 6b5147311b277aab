"""The engines behind the three verbs: `duck` on this machine, `spark` where the settings say so. Both get one checked text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from yibao.errors import UserError
from yibao.store.groups import Fn
from yibao.store.schema import conform, fits
from yibao.store.sql.functions import DIVISION_SAID, GUARD, Kind
from yibao.store.sql.query import Query, Value

#: rows of one batch that an engine hands over
BATCH = 65_536
ARROW_OF: Mapping[Kind, pa.DataType] = {
    "number": pa.int64(),
    "text": pa.string(),
    "flag": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us"),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A table as its files hold it: `absent` are declared columns that files written earlier do not have."""

    files: tuple[Path, ...]
    columns: Mapping[str, Kind]
    absent: frozenset[str] = frozenset()


Reads = Mapping[str, Stored | pa.Table]  #: what a text reads, by name: files, or rows that the caller gave


class Engine(Protocol):
    """What a workspace asks of an engine. Streams: rows come as they are read."""

    def query(self, query: Query, reads: Reads, values: Mapping[str, Value]) -> pa.RecordBatchReader: ...

    def apply(
        self,
        query: Query,
        reads: Reads,
        values: Mapping[str, Value],
        partition_key: Sequence[str],
        order: Sequence[str],
        fn: Fn,
        schema: pa.Schema,
    ) -> pa.RecordBatchReader: ...

    def close(self) -> None: ...


def result_schema(query: Query) -> pa.Schema:
    """What a text gives, the same from every engine."""
    return pa.schema([(name, ARROW_OF[kind]) for name, kind in query.columns.items()])


def as_declared(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """An engine's batch with the types that the text was checked for; UserError names a column that came as something else."""
    for field in schema:
        found = batch.schema.field(field.name).type
        if not fits(found, field.type):
            raise UserError(
                f"查询结果的列 {field.name} 的类型是 {found}，应为 {field.type}；求和请写 CAST(SUM(…) AS BIGINT)。"
            )
    return conform(batch, schema)


def said_of(error: Exception) -> UserError | None:
    """The sentence for what an engine could not do with the data, where it is not a fault of ours."""
    said = str(error)
    if GUARD in said:
        return UserError(f"{DIVISION_SAID}。")
    lower = said.lower()
    if "division by zero" in lower or "divide_by_zero" in lower:
        return UserError(f"{DIVISION_SAID}。")
    if "overflow" in lower:
        return UserError("计算结果超出整数的范围（约 9.2 × 10^18），没有算完。请检查数据里是否有异常大的数。")
    if "out of memory" in lower or "outofmemory" in lower:
        return UserError("内存不够，没有算完。可在工作区的 yibao.yaml 里把 memory 调大，或在内存更大的电脑上运行。")
    if "no space left" in lower or "max_temp_directory_size" in lower:
        return UserError("磁盘空间不够，没有算完。请清理磁盘，或在 yibao.yaml 里用 temporary 指定另一个位置。")
    return None
