"""Parquet files: columns with types of their own become text again, so that one way of reading serves all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yibao.errors import UserError
from yibao.store.importing.headings import Reading
from yibao.store.importing.layout import MOST_COLUMNS, Asked, Head, decide
from yibao.store.importing.source import Source
from yibao.store.importing.staging import raw_names
from yibao.store.importing.typed import ODDITIES, quoted
from yibao.vocabulary.tables import SCALES, Vocabulary


def of_parquet(path: Path, vocabulary: Vocabulary, asked: Asked) -> Source:
    """UserError for a damaged file, nested columns, and whole numbers that could be yuan or fen."""
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError):
        raise UserError(f"Parquet 文件“{path.name}”已损坏或不完整，打不开，没有导入。") from None
    if len(schema) > MOST_COLUMNS:
        raise UserError(f"“{path.name}”有 {len(schema)} 列，不是正常的数据表，没有导入。")
    head = Head(0, 1, tuple(schema.names))
    reading = decide(head, f"“{path.name}”", vocabulary, asked)
    _refuse_unclear(path, schema, reading)
    relation = f"(SELECT {_as_text(schema)} FROM read_parquet({quoted(str(path))}))"
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(path, "", sha256, "Parquet", head, reading, relation, "", None, ODDITIES, dict(asked.constant or {}))


def _as_text(schema: pa.Schema) -> str:
    names = zip(raw_names(len(schema)), schema.names, strict=True)
    return ", ".join(f'CAST("{name.replace(chr(34), chr(34) * 2)}" AS VARCHAR) AS {raw}' for raw, name in names)


def _refuse_unclear(path: Path, schema: pa.Schema, reading: Reading) -> None:
    for named in reading.named:
        kind = schema.field(named.place).type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind):
            raise UserError(f"“{path.name}”的列“{named.heading}”是嵌套或二进制的，不能导入。")
        if pa.types.is_integer(kind) and SCALES.get(named.column.type, 0) and not named.unit:
            raise UserError(
                f"“{path.name}”的列“{named.heading}”是整数，看不出是元还是分，没有导入。请在映射文件里写明单位，例如 {{列: {named.column.name}, 单位: 分}}。"
            )
