"""The life of one row over the versions of its table: when it came, what changed, when it went."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yibao.errors import UserError
from yibao.store.manifest import Manifest
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Column, Table

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """A version in which the row is not what it was in the one before. `row` None: it is not there (any more)."""

    manifest: Manifest
    row: Row | None
    before: Row | None

    @property
    def changed(self) -> tuple[str, ...]:
        """The columns with another value than before; none where the row came or went."""
        if self.row is None or self.before is None:
            return ()
        names = dict.fromkeys((*self.before, *self.row))
        return tuple(name for name in names if self.row.get(name) != self.before.get(name))


def life(workspace: Workspace, table_name: str, key: str) -> list[Moment]:
    """The moments of one row, the oldest first; none where no version that still has its rows ever had it.

    `key`: its value; the values of a key of several columns with commas between them. UserError where it does not fit.
    """
    values = key_values(workspace.table(table_name), key)
    found: list[Moment] = []
    before: Row | None = None
    for manifest in reversed(list(workspace.history(table_name))):
        if not workspace.has_rows(table_name, manifest):
            continue
        row = workspace.row(table_name, values, manifest)
        if row != before:
            found.append(Moment(manifest, row, before))
        before = row
    return found


def key_values(table: Table, key: str) -> Sequence[Any]:
    """
    >>> from yibao.vocabulary.tables import load_tables
    >>> key_values(load_tables().table("visit_diagnoses"), "V1,2")
    ['V1', 2]
    """
    parts = key.replace("，", ",").split(",") if len(table.key) > 1 else [key]
    if len(parts) != len(table.key):
        said = "、".join(f"{name}（{table.by_name[name].element.label}）" for name in table.key)
        raise UserError(
            f"“{table.label}”的主键是 {said}，请用逗号隔开写 {len(table.key)} 个值，现在有 {len(parts)} 个。"
        )
    return [_typed(table.by_name[name], part.strip()) for name, part in zip(table.key, parts, strict=True)]


def _typed(column: Column, said: str) -> Any:
    try:
        match column.type:
            case "code" | "text":
                return said
            case "date":
                return datetime.date.fromisoformat(said)
            case "time":
                return datetime.datetime.fromisoformat(said)
            case "flag":
                return {"是": True, "否": False}[said]
            case _:
                return int(said)
    except (ValueError, KeyError):
        raise UserError(f"“{said}”不是 {column.name}（{column.element.label}）的值，请检查写法。") from None
