"""Declared tables as Arrow schemas; what an engine really returned, held against them.

Money and every other exact number is int64: a DOUBLE, HUGEINT or DECIMAL that an engine made of a sum is refused by the type
of the real result, with the column's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from yibao.errors import UserError
from yibao.vocabulary.tables import Column, Table, Type

ARROW_TYPES: Mapping[Type, pa.DataType] = {
    "code": pa.string(),
    "text": pa.string(),
    "flag": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us"),
    **dict.fromkeys(("year", "month", "count", "money", "price", "quantity", "rate", "decimal"), pa.int64()),
}
_WIDENED: Mapping[pa.DataType, tuple[pa.DataType, ...]] = {
    pa.int64(): (pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint16(), pa.uint32()),
    pa.string(): (pa.large_string(), pa.string_view()),
    pa.timestamp("us"): (pa.timestamp("s"), pa.timestamp("ms")),
}


def arrow_schema(table: Table) -> pa.Schema:
    """The columns of a table in declared order; a column that may be empty is nullable."""
    return pa.schema([pa.field(c.name, ARROW_TYPES[c.type], nullable=c.nullable) for c in table.columns])


def refuse_other_columns(schema: pa.Schema, table: Table) -> None:
    """UserError unless the schema has each declared column once, in any order, with its type or a narrower one."""
    there = list(schema.names)
    if twice := sorted({name for name in there if there.count(name) > 1}):
        raise UserError(f"写入“{table.label}”的数据里列 {'、'.join(twice)} 出现了两次，没有写入。")
    if absent := [c.name for c in table.columns if c.name not in there]:
        raise UserError(f"写入“{table.label}”的数据缺少列 {'、'.join(absent)}，没有写入。")
    if strange := [name for name in there if name not in table.by_name]:
        raise UserError(f"写入“{table.label}”的数据有没有声明的列 {'、'.join(strange)}，没有写入。")
    for column in table.columns:
        found, wanted = schema.field(column.name).type, ARROW_TYPES[column.type]
        if not fits(found, wanted):
            raise UserError(_wrong_type(table, column, found))


def fits(found: pa.DataType, wanted: pa.DataType) -> bool:
    """May values of one type become another without losing anything?"""
    if pa.types.is_dictionary(found):
        found = found.value_type
    return bool(found == wanted or found in _WIDENED.get(wanted, ()) or pa.types.is_null(found))


def conform(rows: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The columns of the schema, in its order and with its types; OverflowError and the like never lose a value silently."""
    arrays = []
    for field in schema:
        column = rows.column(field.name)
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        arrays.append(column if column.type == field.type else column.cast(field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def reader_of(rows: pa.RecordBatchReader | pa.Table | pa.RecordBatch) -> pa.RecordBatchReader:
    """Any Arrow rows as one stream."""
    if isinstance(rows, pa.RecordBatchReader):
        return rows
    if isinstance(rows, pa.RecordBatch):
        return pa.RecordBatchReader.from_batches(rows.schema, [rows])
    return rows.to_reader()


def same_names(names: Iterable[str], table: Table) -> bool:
    return sorted(names) == sorted(table.by_name)


def _wrong_type(table: Table, column: Column, found: pa.DataType) -> str:
    hint = ""
    if ARROW_TYPES[column.type] == pa.int64() and (pa.types.is_floating(found) or pa.types.is_decimal(found)):
        hint = "求和请写 CAST(SUM(…) AS BIGINT)。"
    said = f"{column.name}（{column.element.label}）的类型是 {found}，应为 {ARROW_TYPES[column.type]}"
    return f"写入“{table.label}”的数据里，列 {said}，没有写入。{hint}"
