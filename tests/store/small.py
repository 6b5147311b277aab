"""A small vocabulary and a few rows of it: visits, and their lines, cut by month, with refunds and gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from yibao.store.manifest import Produced
from yibao.store.schema import arrow_schema
from yibao.vocabulary.tables import Column, Element, Partition, Table, Type, Vocabulary

BY_HAND = Produced(command="test")


def _columns(*said: tuple[str, Type]) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=name.rstrip("?~"),
            element=Element(label=f"标签 {name.rstrip('?~')}", type=kind),
            nullable=name.endswith("?"),
            blank=name.endswith("~"),
        )
        for name, kind in said
    )


VISITS = Table(
    name="visits",
    subject="test",
    label="就诊",
    grain="一行是一次就诊",
    key=("visit_no",),
    columns=_columns(
        ("visit_no", "code"),
        ("person", "code"),
        ("hospital?", "code"),
        ("began", "time"),
        ("ended?", "time"),
        ("is_urgent?", "flag"),
    ),
)
LINES = Table(
    name="lines",
    subject="test",
    label="明细",
    grain="一行是一条费用",
    key=("visit_no", "line_no"),
    partition=Partition(by="month", of="day"),
    columns=_columns(
        ("visit_no", "code"),
        ("line_no", "count"),
        ("day", "date"),
        ("item?", "code"),
        ("note~", "text"),
        ("amount", "money"),
        ("quantity?", "quantity"),
    ),
)
VOCABULARY = Vocabulary(elements={}, codes={}, tables={"visits": VISITS, "lines": LINES})


def visits(rows: list[tuple[Any, ...]] | None = None) -> pa.Table:
    return _table(VISITS, _VISITS if rows is None else rows)


def lines(rows: list[tuple[Any, ...]] | None = None) -> pa.Table:
    return _table(LINES, _LINES if rows is None else rows)


def line(visit: str, number: int, day: str = "2025-01-05", amount: int = 100, note: str = "") -> tuple[Any, ...]:
    return (visit, number, dt.date.fromisoformat(day), "A01", note, amount, 10_000)


def _table(table: Table, rows: list[tuple[Any, ...]]) -> pa.Table:
    schema = arrow_schema(table)
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


def _at(day: int, hour: int = 0, minute: int = 0, second: int = 0, microsecond: int = 0) -> dt.datetime:
    return dt.datetime(2025, 1, 1, hour, minute, second, microsecond) + dt.timedelta(days=day - 1)


_VISITS = [
    ("V1", "甲", "H1", _at(1, 8), _at(4, 10, 30), True),
    ("V2", "甲", "H1", _at(6, 23, 59, 59, 900_000), _at(7, 0, 0, 1, 100_000), False),
    ("V3", "乙", None, _at(31, 12), None, None),
    ("V4", "丙", "H2", _at(32), _at(32), False),
    ("V5", "丁", "H2", _at(60, 5), _at(75, 5), None),
]
_LINES = [
    ("V1", 1, dt.date(2025, 1, 1), "A01", "", 1005, 10_000),
    ("V1", 2, dt.date(2025, 1, 2), "A02", " 加急 ", 2**53 + 1, 25_000),
    ("V1", 3, dt.date(2025, 1, 2), "A01", "退", -1005, -10_000),
    ("V2", 1, dt.date(2025, 1, 31), None, "50%_a", 0, None),
    ("V3", 1, dt.date(2025, 2, 1), "b01", "", 777, 5_000),
    ("V3", 2, dt.date(2025, 2, 28), "医01", "", 333, 0),
    ("V4", 1, dt.date(2025, 2, 1), "A02", "x", 1, None),
    ("V9", 1, dt.date(2026, 1, 1), "A01", "", 250, 10_000),
]
