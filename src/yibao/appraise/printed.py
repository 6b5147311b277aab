"""Where a figure is printed: in which document, and at which place of it."""

from __future__ import annotations

from dataclasses import dataclass

from yibao.appraise.typed import Key


@dataclass(frozen=True, slots=True, order=True)
class Printed:
    """One printing of a figure. `document`: the file; `place`: 基础数据表!D8, or a section of the report."""

    key: Key
    document: str
    place: str
