"""All rows of a source, typed and judged: the view `stage`, one row a record, in the file's order by `_pos` (from 0).

First `quick`: one pass of DuckDB over the file, which settles every row whose cells are spelled in the usual ways and keeps the raw cells
of the others. Then `looked`: those others the careful way. `_bad`: something in the row is wrong; `_key`: a hash of its key. Reasons
are worked out later, and only for the rows that are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yibao.store.importing.rules import holds
from yibao.store.importing.staging import raw_names
from yibao.store.importing.typed import Cell, quick, quoted, typed_rows
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


def quick_sql(
    relation: str, table: Table, cells: Sequence[Cell], vocabulary: Vocabulary, width: int, fault: str = ""
) -> str:
    """The statement that makes the table `quick`; its rowid is the position in the file.

    `_odd`: the row needs the careful way, or something in it is wrong; then `_raw` holds its cells. `fault`: the column of the relation that
    says a row is broken, where it has one.
    """
    by_name = {cell.column.name: cell for cell in cells}
    raws = ", ".join([*raw_names(width), *([fault] if fault else [])])
    values = [
        f"{quick(by_name[c.name], vocabulary) if c.name in by_name else _absent(c)} AS {c.name}" for c in table.columns
    ]
    odd = " OR ".join([*_odd(by_name), *_broken(table), *([f"{fault} IS NOT NULL"] if fault else [])])
    names, key = ", ".join(table.by_name), ", ".join(table.key)
    marked = f"SELECT {names}, {raws}, {odd} AS _odd FROM (SELECT {', '.join(values)}, {raws} FROM {relation})"
    settled = [_settled(c) for c in table.columns]
    kept = f"CASE WHEN _odd THEN [{raws}] END AS _raw"
    return f"CREATE OR REPLACE TABLE quick AS SELECT {', '.join(settled)}, _odd, hash({key}) AS _key, {kept} FROM ({marked})"


def looked_sql(table: Table, cells: Sequence[Cell], vocabulary: Vocabulary, fault: str = "") -> str:
    """The statement that makes `looked` of the odd rows of `quick`, kept raw in the table `odd`."""
    there = {cell.column.name for cell in cells}
    values = ", ".join(declared(column, column.name in there) for column in table.columns)
    bad = " OR ".join(
        [*(unread(cell.column) for cell in cells), *_broken(table), *([f"{fault} IS NOT NULL"] if fault else [])]
    )
    carried = ["_pos", *([fault] if fault else [])]
    hidden = ", ".join([*carried, *(f"_z_{cell.column.name}" for cell in cells)])
    inner = f"SELECT {values}, {hidden} FROM ({typed_rows('odd', cells, vocabulary, carried)})"
    names, key = ", ".join(_settled(column) for column in table.columns), ", ".join(table.key)
    return f"CREATE OR REPLACE TABLE looked AS SELECT _pos, {names}, {bad} AS _bad, hash({key}) AS _key FROM ({inner})"


def nothing_looked_sql(table: Table) -> str:
    """`looked` without rows: planning the careful way costs more than a small file."""
    columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in table.columns)
    return f"CREATE OR REPLACE TABLE looked (_pos BIGINT, {columns}, _bad BOOLEAN, _key UBIGINT)"


def odd_sql(width: int, fault: str = "") -> str:
    """The statement that makes `odd`: position and raw cells of the rows that `quick` did not settle."""
    names = [*raw_names(width), *([fault] if fault else [])]
    cells = ", ".join(f"_raw[{i}] AS {name}" for i, name in enumerate(names, 1))
    return f"CREATE OR REPLACE TABLE odd AS SELECT rowid AS _pos, {cells} FROM quick WHERE _odd"


def stage_sql(table: Table) -> str:
    """The view `stage` over both."""
    names = ", ".join(table.by_name)
    settled = f"SELECT rowid AS _pos, {names}, false AS _bad, _key FROM quick WHERE NOT _odd"
    return f"CREATE OR REPLACE VIEW stage AS {settled} UNION ALL SELECT _pos, {names}, _bad, _key FROM looked"


def _settled(column: Column) -> str:
    """A column as the table holds it: blank where that is a value; nothing where a word says that there is none (未入组)."""
    if column.blank:
        return f"COALESCE({column.name}, '') AS {column.name}"
    is_code = column.nullable and bool(column.element.codes)
    return f"NULLIF({column.name}, '') AS {column.name}" if is_code else column.name


def _absent(column: Column) -> str:
    return "''" if column.blank else f"CAST(NULL AS {SQL_TYPES[column.type]})"


def _odd(cells: Mapping[str, Cell]) -> list[str]:
    """A cell that the quick way did not read, or that may not be empty; never NULL."""
    may_be_empty = {name for name, cell in cells.items() if cell.column.nullable or cell.column.blank}
    return [
        f"CASE WHEN {name} IS NULL THEN COALESCE({cell.raw} <> '', false) ELSE false END"
        if name in may_be_empty
        else f"{name} IS NULL"
        for name, cell in cells.items()
    ]


def declared(column: Column, there: bool) -> str:
    return (
        f"CAST({column.name} AS {SQL_TYPES[column.type]}) AS {column.name}"
        if there
        else f"{_absent(column)} AS {column.name}"
    )


def _broken(table: Table) -> list[str]:
    """Ways in which a typed row can be wrong: a check that it breaks, a word for a total where a key should be; never NULL."""
    found = [f"NOT {holds(check)}" for check in table.checks if check.severity == "refuse"]
    said = ", ".join(map(quoted, TOTALS))
    found += [
        f"COALESCE({name} IN ({said}), false)" for name in table.key if SQL_TYPES[table.by_name[name].type] == "VARCHAR"
    ]
    return found


def unread(column: Column) -> str:
    """The value is missing though it may not be, or something stands there that cannot be read."""
    if column.blank:
        return f"({column.name} = '' AND _z_{column.name} IS NOT NULL)"
    return (
        f"{column.name} IS NULL" if not column.nullable else f"({column.name} IS NULL AND _z_{column.name} IS NOT NULL)"
    )
