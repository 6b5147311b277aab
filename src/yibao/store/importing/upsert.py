"""Accepted rows into their table, by key: new ones come in, changed ones replace their predecessors, equal ones change nothing.

Only the partitions that something changes in are written again. A corrected row may move to another partition (its month was wrong): then
the partition that it left is written too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from yibao.store.importing.typed import quoted
from yibao.vocabulary.tables import Table

ALL = "all"
BATCH = 65_536


@dataclass(frozen=True, slots=True)
class Change:
    """What an upsert does: rows by fate, and the partitions to write."""

    new: int
    replaced: int
    unchanged: int
    labels: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        return not self.new and not self.replaced


def label_sql(table: Table, alias: str) -> str:
    """The partition of a row, as the workspace names it."""
    if table.partition is None:
        return quoted(ALL)
    form = "%Y-%m" if table.partition.by == "month" else "%Y"
    return f"strftime({alias}.{table.partition.of}, '{form}')"


def _labels(con: Any, table: Table) -> tuple[str, ...]:
    """The partitions of all accepted rows; a month is written out once, not for each row."""
    days = "SELECT 1"
    if table.partition is not None:
        days = f"SELECT DISTINCT date_trunc('{table.partition.by}', {table.partition.of}) AS {table.partition.of} FROM accepted"
    found = con.execute(f"SELECT {label_sql(table, 'd')} AS label FROM ({days}) d ORDER BY label").fetchall()
    return tuple(label for (label,) in found)


def find_changes(con: Any, table: Table, files: Mapping[str, Path]) -> Change:
    """Compare the view `accepted` (_pos and the columns) with the table's files, by label; leaves `matches` behind."""
    accepted = con.execute("SELECT count(*) FROM accepted").fetchone()[0]
    if not files:
        return Change(accepted, 0, 0, _labels(con, table) if accepted else ())
    same_key = " AND ".join(f"a.{name} = e.{name}" for name in table.key)
    same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM e.{name}" for name in table.by_name)
    con.execute(
        f"""CREATE OR REPLACE TABLE matches AS SELECT a._pos, {label_sql(table, "e")} AS _old, ({same}) AS _same
        FROM accepted a JOIN {_parquet(files.values())} e ON {same_key}"""
    )
    replaced, unchanged = con.execute(
        "SELECT count(*) FILTER (NOT _same), count(*) FILTER (_same) FROM matches"
    ).fetchone()
    labels = con.execute(
        f"""SELECT {label_sql(table, "a")} FROM accepted a WHERE a._pos NOT IN (SELECT _pos FROM matches WHERE _same)
        UNION SELECT _old FROM matches WHERE NOT _same"""
    ).fetchall()
    return Change(accepted - replaced - unchanged, replaced, unchanged, tuple(sorted(label for (label,) in labels)))


def merged(con: Any, table: Table, files: Mapping[str, Path], change: Change) -> pa.RecordBatchReader:
    """The rows of all partitions to write, in order of the key, streamed."""
    order = ", ".join(f"{name} NULLS LAST" for name in table.key)
    return con.sql(f"SELECT * FROM ({_merged(table, files, change)}) ORDER BY {order}").to_arrow_reader(BATCH)


def _merged(table: Table, files: Mapping[str, Path], change: Change) -> str:
    names = ", ".join(table.by_name)
    touched = [files[label] for label in change.labels if label in files]
    if not files:
        return f"SELECT {names} FROM accepted"
    taken = f"SELECT {names} FROM accepted WHERE _pos NOT IN (SELECT _pos FROM matches WHERE _same)"
    if not touched:
        return taken
    key = " AND ".join(f"g.{name} = e.{name}" for name in table.key)
    kept = ", ".join(f"e.{name}" for name in table.by_name)
    gone = "SELECT a.* FROM accepted a JOIN matches m ON a._pos = m._pos WHERE NOT m._same"
    return f"SELECT {kept} FROM {_parquet(touched)} e ANTI JOIN ({gone}) g ON {key} UNION ALL {taken}"


def _parquet(files: Sequence[Path] | Any) -> str:
    return f"read_parquet([{', '.join(quoted(str(file)) for file in files)}])"
