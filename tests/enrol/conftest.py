"""A workspace of the example region with rows planted by hand, and rules that a test writes itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.store.quality.conftest import Plant, planting
from yibao.enrol.rules import Book
from yibao.region.packs import load_packs, region
from yibao.store.workspace import Workspace

MakeBook = Callable[[str], Book]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "county", "cn-990421") as opened:
        yield opened


@pytest.fixture
def plant(workspace: Workspace) -> Plant:
    return planting(workspace)


@pytest.fixture
def book() -> Book:
    return Book(region("cn-990421"))


@pytest.fixture
def written(tmp_path: Path) -> MakeBook:
    """A region whose whole pack is the YAML of a test."""

    def make(parameters: str) -> Book:
        folder = tmp_path / "packs" / "cn"
        folder.mkdir(parents=True)
        (folder / "pack.yaml").write_text("code: cn\nname: 某国\nstatus: example\n", encoding="utf-8")
        (folder / "enrolment.yaml").write_text(f"parameters:\n{parameters}", encoding="utf-8")
        return Book(load_packs(tmp_path / "packs")["cn"])

    return make


def parameter(key: str, *values: str) -> str:
    """A parameter of YAML; each value is its dates and its content: `from: 2024-01-01, value: 1`."""
    lines = [f"      - {{{value}, source: 某文, grade: proposal, status: example}}\n" for value in values]
    return f"  - key: {key}\n    values:\n{''.join(lines)}"


def said(rows: Any, column: int = 0) -> list[Any]:
    return [row[column] for row in rows]
