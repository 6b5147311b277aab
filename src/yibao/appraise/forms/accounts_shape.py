"""The nine tables of 部门决算公开 as declared data (accounts.yaml)."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from yibao.vocabulary.labels import Basis


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Shape):
    """A row of a two-sided table: a figure for each of the side's columns, "" for a column that the register lacks."""

    label: str
    figures: tuple[str, ...]
    scope: str = ""


class Side(_Shape):
    header: str
    columns: tuple[str, ...]


class Sides(_Shape):
    """01 and 04: income on the left, expense on the right, the totals of both at the foot."""

    number: str
    title: str
    left: Side
    right: Side
    left_rows: tuple[Line, ...]
    right_rows: tuple[Line, ...]
    left_totals: tuple[Line, ...]
    right_totals: tuple[Line, ...]


class Measure(_Shape):
    label: str
    figure: str


class Items(_Shape):
    """02, 03, 05, 07, 08: a row for each code. `none`: the note of an empty table."""

    number: str
    title: str
    columns: tuple[Measure, ...]
    none: str = ""


class Economic(_Shape):
    """06: three groups of 经济分类 side by side. `classes`: figures of whole classes."""

    number: str
    title: str
    amount: str
    figure: str
    classes: dict[str, str]
    groups: tuple[tuple[str, ...], ...]
    totals: tuple[Line, ...]


class Half(_Shape):
    label: str
    basis: Basis


class ThreePublic(_Shape):
    number: str
    title: str
    halves: tuple[Half, ...]
    vehicles: str
    columns: tuple[Measure, ...]


class AccountsShape(_Shape):
    unit: str
    mark: str
    department: str
    item: str
    line: str
    code: str
    name: str
    sum: str
    sides: tuple[Sides, ...]
    items: tuple[Items, ...]
    economic: Economic
    three_public: ThreePublic


@lru_cache
def accounts_shape() -> AccountsShape:
    text = files("yibao.appraise.forms").joinpath("accounts.yaml").read_text(encoding="utf-8")
    return AccountsShape.model_validate(yaml.safe_load(text))
