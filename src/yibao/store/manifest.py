"""A manifest: one version of one table. It lists the files, and says what the rows are and what they were made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

ALL = "all"  #: the label of the one partition of a table that is not cut


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Input(_Value):
    """What rows were made from: a file that came in, or a version of a table, with the hash of its content."""

    kind: Literal["file", "table", "pack", "code"]
    name: str
    content: str


class Produced(_Value):
    """Which command made the rows from what, with which version of the program and which parameters."""

    command: str
    inputs: tuple[Input, ...] = ()
    code: str = ""
    parameters: Mapping[str, str | int | bool | None] = {}


class DataFile(_Value):
    """The rows of one partition. `path` is relative to the table's folder; `sums` are in fen; `bytes` on the disk."""

    path: str
    partition: str
    rows: int
    sums: Mapping[str, int]
    content: str
    bytes: int


class Manifest(_Value):
    """One version. `previous` names the manifest that it replaced."""

    format: Literal[1] = 1
    table: str
    version: int
    previous: str | None
    published_at: str
    rows: int
    sums: Mapping[str, int]
    content: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    files: tuple[DataFile, ...]
    produced_by: Produced

    @property
    def partitions(self) -> tuple[str, ...]:
        return tuple(file.partition for file in self.files)

    def says_the_same(self, other: Manifest) -> bool:
        """Equal rows of the same shape, made in the same way: nothing new to publish."""
        return self.same_rows(other) and self.produced_by == other.produced_by

    def same_rows(self, other: Manifest) -> bool:
        return (self.content, self.columns, self.key) == (other.content, other.columns, other.key)

    def as_json(self) -> str:
        said: dict[str, Any] = self.model_dump(mode="json")
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"

    @property
    def name(self) -> str:
        """Of its file: the version, and enough of its own hash that what a crash left behind is never mistaken for it."""
        digest = hashlib.sha256(self.as_json().encode("utf-8")).hexdigest()
        return f"{self.version:06d}-{digest[:12]}.json"


def content_of(files: Iterable[DataFile]) -> str:
    """The hash of a table's rows from those of its partitions, whatever their order here."""
    lines = sorted(f"{file.partition} {file.rows} {file.content}\n" for file in files)
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def total(files: Iterable[DataFile], money: Iterable[str]) -> dict[str, int]:
    """The sums of the money columns over files, in fen."""
    files = tuple(files)
    return {name: sum(file.sums[name] for file in files) for name in money}
