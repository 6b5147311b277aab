"""What other offices call columns, and how they write values."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from yibao.vocabulary.tables import SCALES, Column, Table, load_tables

#: tables whose files come from the platform, under its field names
PLATFORM = (
    "visits", "visit_diagnoses", "visit_operations", "icu_stays", "fee_lines", "settlements", "settlement_funds", "persons",
    "enrolments", "contributions", "identities", "catalogue_items", "catalogue_limits", "prices", "provider_items",
)  # fmt: skip


def headings(table: Table) -> list[str]:
    """What the file calls each column: the national name where the platform has one, the Chinese label everywhere else."""
    taken: list[str] = []
    for column in table.columns:
        national = column.element.national[:1] if table.name in PLATFORM else ()
        name = national[0] if national and national[0] not in taken else column.element.label
        taken.append(name)
    return taken


def as_text(values: pa.Array, column: Column) -> pa.Array:
    """Values as people write them: yuan with two decimals, days, 1 and 0, words where there is no code that they know."""
    if known := words(column):
        return pc.coalesce(pa.array(list(known.values())).take(pc.index_in(values, pa.array(list(known)))), values)
    if column.type == "flag":
        return pc.if_else(values, "1", "0")
    if column.type == "date":
        return pc.strftime(values, format="%Y-%m-%d")
    if column.type == "time":
        return pc.strftime(values.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%d %H:%M:%S")
    digits = SCALES.get(column.type)
    if not digits:
        return values if digits is None else values.cast(pa.string())
    text = _decimal(values, digits).cast(pa.string())
    return text if column.type == "money" else pc.replace_substring_regex(text, r"\.?0+$", "")


def words(column: Column) -> Mapping[str, str]:
    """The names of our own codes: no other office knows the codes."""
    codes = load_tables().codes_of(column)
    return codes.values if codes is not None and codes.status == "own" else {}


def _decimal(values: pa.Array, digits: int) -> pa.Array:
    """Whole numbers of the last digit as exact decimals."""
    whole = values.cast(pa.decimal128(19, 0)).buffers()
    if values.offset:
        return _decimal(pa.concat_arrays([values]), digits)
    return pa.Array.from_buffers(pa.decimal128(19, digits), len(values), whole)
