"""Questions asked of every table that has rows, as texts of the portable subset: one a table, all giving the same columns.

Columns: table_name, column_name, value (text), row_count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from yibao.store.quality.rules import Walk
from yibao.vocabulary.tables import Table, Vocabulary

Made = Callable[[Table, Vocabulary, Collection[str]], str]  #: "" where a table has nothing to ask


def open_codes(table: Table, vocabulary: Vocabulary, left_out: Collection[str]) -> str:
    """Values outside lists that are not complete: the importer accepts them, here they are counted."""
    parts = []
    for column in table.columns:
        codes = vocabulary.codes_of(column)
        if codes is not None and codes.is_open and column.name not in left_out:
            known = ", ".join("'" + value.replace("'", "''") + "'" for value in codes.values)
            parts.append(
                _counted(
                    table, column.name, column.name, f"{column.name} IS NOT NULL AND {column.name} NOT IN ({known})"
                )
            )
    return " UNION ALL ".join(parts)


def future_dates(table: Table, vocabulary: Vocabulary, left_out: Collection[str]) -> str:
    """Dates after $known_at, day by day."""
    parts = []
    for column in table.columns:
        if column.type in ("date", "time") and column.name not in left_out:
            day = column.name if column.type == "date" else f"CAST({column.name} AS DATE)"
            parts.append(_counted(table, column.name, f"CAST({day} AS VARCHAR)", f"{day} > $known_at"))
    return " UNION ALL ".join(parts)


def _counted(table: Table, column: str, value: str, where: str) -> str:
    said = f"SELECT '{table.name}' AS table_name, '{column}' AS column_name, {value} AS value, COUNT(*) AS row_count"
    return f"{said} FROM {table.name} WHERE {where} GROUP BY {value}"


WALKS: Mapping[Walk, Made] = {"open_codes": open_codes, "future_dates": future_dates}
