"""Rows of any table from the few values that a test is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from yibao.store.manifest import Produced
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

Plant = Callable[[str, Sequence[Mapping[str, Any]]], None]
DAY, TIME = date(2025, 3, 5), datetime(2025, 3, 5, 9)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "county", "cn-43") as opened:
        yield opened


@pytest.fixture
def plant(workspace: Workspace) -> Plant:
    return planting(workspace)


def planting(workspace: Workspace) -> Plant:
    """Write rows; what is not said is plain: the first code of a list, no, nothing, March 5."""

    def write(table_name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        table = workspace.table(table_name)
        schema = arrow_schema(table)
        full = []
        for number, row in enumerate(rows):
            values: dict[str, Any] = {}
            for column in table.columns:
                codes = workspace.vocabulary.codes_of(column)
                plain: Any = next(iter(codes.values)) if codes else f"{column.name}{number}"
                kinds = {"flag": False, "date": DAY, "time": TIME, "code": plain, "text": plain}
                values[column.name] = None if column.nullable else "" if column.blank else kinds.get(column.type, 0)
            full.append({**values, **row})
        workspace.write(table_name, pa.Table.from_pylist(full, schema=schema), Produced(command="test"))

    return write
