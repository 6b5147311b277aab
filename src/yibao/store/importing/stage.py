"""All rows of a source, typed and judged, in one pass of DuckDB: the table `stage`, one row a record, in the file's order.

Columns are those of the standard table, then `_bad` (something in the row is wrong) and `_key` (a hash of the key). Position is identity:
`rowid` of `stage` plus the number of the first row is the row that Excel shows. Reasons are worked out only for the rows that need them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yibao.store.importing.rules import holds
from yibao.store.importing.typed import Cell, quoted, typed_rows
from yibao.vocabulary.tables import Column, Table, Type, Vocabulary

SQL_TYPES: Mapping[Type, str] = {
    "code": "VARCHAR",
    "text": "VARCHAR",
    "flag": "BOOLEAN",
    "date": "DATE",
    "time": "TIMESTAMP",
    **dict.fromkeys(("year", "month", "count", "money", "price", "quantity", "rate", "decimal"), "BIGINT"),
}
TOTALS = ("合计", "小计", "总计", "共计")


def stage_sql(relation: str, table: Table, cells: Sequence[Cell], vocabulary: Vocabulary, fault: str = "") -> str:
    """The statement that makes `stage`. `fault`: the column of the relation that says a row is broken, where it has one."""
    there = {cell.column.name for cell in cells}
    values = ", ".join(declared(column, column.name in there) for column in table.columns)
    bad = " OR ".join([*_wrong(table, cells), *([f"{fault} IS NOT NULL"] if fault else [])])
    rows = typed_rows(relation, cells, vocabulary, [fault] if fault else [])
    names, key = ", ".join(table.by_name), ", ".join(table.key)
    hidden = ", ".join([*(f"_z_{cell.column.name}" for cell in cells), *([fault] if fault else [])])
    inner = f"SELECT {values}, {hidden} FROM ({rows})"
    return f"CREATE OR REPLACE TABLE stage AS SELECT {names}, {bad} AS _bad, hash({key}) AS _key FROM ({inner})"


def declared(column: Column, there: bool) -> str:
    if there:
        return f"CAST({column.name} AS {SQL_TYPES[column.type]}) AS {column.name}"
    return f"{chr(39) * 2 if column.blank else f'CAST(NULL AS {SQL_TYPES[column.type]})'} AS {column.name}"


def _wrong(table: Table, cells: Sequence[Cell]) -> list[str]:
    """Each way in which a row can be wrong, as a condition that is never NULL."""
    found = [unread(cell.column) for cell in cells]
    found += [f"NOT {holds(check)}" for check in table.checks if check.severity == "refuse"]
    said = ", ".join(map(quoted, TOTALS))
    found += [f"COALESCE({name} IN ({said}), false)" for name in table.key if SQL_TYPES[table.by_name[name].type] == "VARCHAR"]
    return found


def unread(column: Column) -> str:
    """The value is missing though it may not be, or something stands there that cannot be read."""
    if column.blank:
        return f"({column.name} = '' AND _z_{column.name} IS NOT NULL)"
    return f"{column.name} IS NULL" if not column.nullable else f"({column.name} IS NULL AND _z_{column.name} IS NOT NULL)"
