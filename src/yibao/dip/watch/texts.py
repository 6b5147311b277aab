"""The texts beside this package, read once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from yibao.store.sql.query import Value
from yibao.store.sql.text import Text, load_texts
from yibao.store.workspace import Given, Workspace

TEXTS: Mapping[str, Text] = load_texts("yibao.dip.watch")


def table(workspace: Workspace, name: str, given: Given | None = None, **values: Value) -> pa.Table:
    """The answer of a text, whole."""
    return workspace.query(TEXTS[name], given, **values).read_all()


def rows(workspace: Workspace, name: str, given: Given | None = None, **values: Value) -> list[dict[str, Any]]:
    """The same as rows, where it is small enough for people."""
    found: list[dict[str, Any]] = table(workspace, name, given, **values).to_pylist()
    return found


def has_rows(workspace: Workspace, name: str) -> bool:
    manifest = workspace.manifest(name)
    return manifest is not None and manifest.rows > 0
