"""The texts beside this package, read once; each is checked when it is asked and run by the parity suite on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yibao.store.sql.query import Value
from yibao.store.sql.text import Text, load_texts
from yibao.store.workspace import Workspace

TEXTS: Mapping[str, Text] = load_texts("yibao.enrol")


def rows(workspace: Workspace, name: str, **values: Value) -> list[dict[str, Any]]:
    """The rows of a text whose answer is small enough for people, in its order."""
    found: list[dict[str, Any]] = workspace.query(TEXTS[name], None, **values).read_all().to_pylist()
    return found
