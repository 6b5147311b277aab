"""The shapes of forms that only some places have: Guangdong's 评分表, the tables and blocks of Yueyang's booklet."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Declared data of a form."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(Shape):
    """A row, or a column of the staff block; one without a figure is for the pen. `required`: not to be published blank. `scopes`: the indent of a row for
    each scope of the figure (one special fund a row); `parts`: figures of the form that make it up."""

    label: str
    figure: str = ""
    indent: int = 0
    required: bool = False
    scopes: int | None = None
    parts: tuple[str, ...] = ()


class ScorecardShape(Shape):
    """A 评分表. `level1`, `level2`: where the execution rate stands among the indicators."""

    title: str
    columns: tuple[str, ...]
    level1: str
    level2: str
    sum: str
    grade: str
    below: tuple[str, ...] = ()


class Node(Shape):
    """A column, or a heading over columns. `parts`: figures of the same row that make it up."""

    label: str
    figure: str = ""
    parts: tuple[str, ...] = ()
    columns: tuple[Node, ...] = ()


class InstitutionTable(Shape):
    key: str
    name: str
    title: str
    columns: tuple[Node, ...]


class InstitutionsShape(Shape):
    """Tables with a row for each 预算单位 under the row of all."""

    unit: str
    header: str
    total: str
    tables: tuple[InstitutionTable, ...]


class Signed(Shape):
    """A block to be signed: what it is, and the lines at its foot."""

    text: str
    signed: tuple[str, ...]


class BookletShape(Shape):
    """The small forms of a booklet: who it is, what was aimed at and reached, who evaluated, who agrees."""

    profile: tuple[tuple[Row, ...], ...]  #: rows of the first form; a figure is filled in, a blank is for the pen
    qualitative: str
    expected: str
    reached: str
    quantitative: str
    columns: tuple[str, ...]
    score: str
    grade: str
    people: tuple[str, ...]
    blank_rows: int
    opinions: tuple[Signed, ...]
    below: tuple[str, ...]
