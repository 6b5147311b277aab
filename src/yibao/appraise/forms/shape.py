"""The shapes of the forms as declared data (shapes/*.yaml): words, rows, columns, the order of the attachments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.typed import Key
from yibao.vocabulary.labels import Basis

Kind = Literal["base_data", "scoresheet", "projects", "funds", "government_fund", "accounts"]
USUAL = "hunan"
SPACES = "\u3000" * 3


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Shape):
    """A column of amounts: `year` counted from the evaluated one."""

    label: str
    year: int
    basis: Basis


class Row(_Shape):
    """A row, or a column of the staff block. `required`: not to be published blank. `scopes`: the indent of a row for
    each scope of the figure (one special fund a row)."""

    label: str
    figure: str
    indent: int = 0
    required: bool = False
    scopes: int | None = None


class Staff(_Shape):
    header: str
    columns: tuple[Row, ...]


class Spending(_Shape):
    header: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class BaseDataShape(_Shape):
    title: str
    unit: str
    staff: Staff
    spending: Spending
    buildings: tuple[str, ...]
    thrift: str
    below: tuple[str, ...]
    #: the line over the notes on results far from their budget, and one of them, in the usual words
    explanations: str = "与预算差距较大的支出："
    explanation: str = "（{number}）{name}：预算{planned}万元，决算{done}万元。原因：{reason}"


class ScoreShape(_Shape):
    department: str
    funds: str
    project: str
    authority: str
    executor: str
    project_funds: str
    total: str
    columns: tuple[str, ...]
    by_income: str
    by_expense: str
    goals: str
    expected: str
    reached: str
    indicators: str
    indicator_columns: tuple[str, ...]
    sum: str
    of_which: str
    idle: str
    none: str
    project_note: str


class GovernmentFundShape(_Shape):
    title: str
    unit: str
    rows_header: str
    total: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    income: str
    expense: str
    none: str


class FundTable(_Shape):
    key: str
    name: str
    title: str
    rows: tuple[Row, ...]


class FundsShape(_Shape):
    unit: str
    header: str
    columns: tuple[Column, ...]
    tables: tuple[FundTable, ...]


class Attached(_Shape):
    """An attachment; `layouts`: only in these (版式), in all where it names none."""

    layouts: tuple[str, ...] = ()
    forms: Kind
    file: str
    title: str


class Shapes(_Shape):
    """All forms of one layout."""

    layouts: tuple[str, ...]
    attachments: tuple[Attached, ...]
    filed: Mapping[Kind, tuple[str, ...]]
    signature: tuple[str, ...]
    scoresheet: ScoreShape
    base_data: BaseDataShape
    government_fund: GovernmentFundShape
    funds: FundsShape


@lru_cache
def _shipped() -> Mapping[str, Shapes]:
    folder = files("yibao.appraise.forms").joinpath("shapes")
    texts = {item.name.removesuffix(".yaml"): item.read_text(encoding="utf-8") for item in folder.iterdir()}
    return {name: Shapes.model_validate(yaml.safe_load(text)) for name, text in texts.items()}


def shapes(layout: str) -> Shapes:
    """The forms of a layout (单位.yaml 版式); those of Hunan where a layout names none of its own."""
    shipped = _shipped()
    return next((found for found in shipped.values() if layout in found.layouts), shipped[USUAL])


def told(text: str, appraisal: Appraisal, **more: str) -> str:
    """Words of a shape with year, place and bureau filled in."""
    bureau = appraisal.bureau
    place = bureau.name.removesuffix("医疗保障局") if bureau.name.endswith("医疗保障局") else ""
    known = {"year": str(bureau.year), "last": str(bureau.year - 1), "place": place, "bureau": bureau.name, **more}
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def key_in(row: Row, column: Column, appraisal: Appraisal, scope: str = "") -> Key:
    """The figure of a row in a column."""
    return Key(row.figure, scope, appraisal.bureau.year + column.year, column.basis)


def filed_on(kind: Kind, appraisal: Appraisal) -> str:
    """The day on which a form was filled in, "" where the bureau names none: 2026年4月21日."""
    dates = [item for item in appraisal.frame.dates if item.kind == "填报"]
    for words in shapes(appraisal.bureau.layout).filed[kind]:
        for item in dates:
            if words in item.what:
                return f"{item.day.year}年{item.day.month}月{item.day.day}日"
    return ""


def signature(kind: Kind, appraisal: Appraisal) -> str:
    """The line that a form ends with; names and telephone numbers are the bureau's to write."""
    line = SPACES.join(shapes(appraisal.bureau.layout).signature)
    return told(line, appraisal, filed=filed_on(kind, appraisal))
