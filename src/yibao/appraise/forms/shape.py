"""The shapes of the forms as declared data (shapes/*.yaml): words, rows, columns, the order of the attachments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.place_shape import BookletShape, InstitutionsShape, Row, ScorecardShape, Shape
from yibao.appraise.typed import Key
from yibao.vocabulary.labels import Basis

Kind = Literal[
    "base_data",
    "scoresheet",
    "projects",
    "funds",
    "government_fund",
    "accounts",
    "scorecard",
    "institutions",
    "booklet",
]
USUAL = "hunan"
SPACES = "\u3000" * 3


class Column(Shape):
    """A column of amounts: `year` counted from the evaluated one."""

    label: str
    year: int
    basis: Basis


class Staff(Shape):
    header: str
    columns: tuple[Row, ...]


class Spending(Shape):
    header: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class BaseDataShape(Shape):
    title: str
    unit: str
    staff: Staff
    spending: Spending
    buildings: tuple[str, ...] = ()
    thrift: str = ""
    below: tuple[str, ...]
    #: the line over the notes on results far from their budget, and one of them, in the usual words
    explanations: str = "与预算差距较大的支出："
    explanation: str = "（{number}）{name}：预算{planned}万元，决算{done}万元。原因：{reason}"


class ScoreShape(Shape):
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


class GovernmentFundShape(Shape):
    title: str
    unit: str
    rows_header: str
    total: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    opening: str
    income: str
    expense: tuple[str, str, str]  #: all of it, basic, project
    closing: str
    none: str


class FundTable(Shape):
    key: str
    name: str
    title: str
    rows: tuple[Row, ...]


class FundsShape(Shape):
    unit: str
    header: str
    columns: tuple[Column, ...]
    tables: tuple[FundTable, ...]


class Attached(Shape):
    """An attachment; `layouts`: only in these (版式), in all where it names none. `inside`: its forms stand in the
    report's text, so its workbook has no number; without a `file` there is no workbook."""

    layouts: tuple[str, ...] = ()
    forms: Kind
    file: str = ""
    title: str
    inside: bool = False


class Shapes(Shape):
    """All forms of one layout."""

    layouts: tuple[str, ...]
    attachments: tuple[Attached, ...]
    filed: Mapping[Kind, tuple[str, ...]]
    signature: tuple[str, ...]
    scoresheet: ScoreShape
    base_data: BaseDataShape
    government_fund: GovernmentFundShape
    funds: FundsShape
    scorecard: ScorecardShape | None = None
    institutions: InstitutionsShape | None = None
    booklet: BookletShape | None = None


@lru_cache
def _shipped() -> Mapping[str, Shapes]:
    """The forms of every place; what a file does not say is as in Hunan's."""
    folder = files("yibao.appraise.forms").joinpath("shapes")
    texts = {item.name.removesuffix(".yaml"): item.read_text(encoding="utf-8") for item in folder.iterdir()}
    read = {name: yaml.safe_load(text) for name, text in sorted(texts.items())}
    return {
        name: Shapes.model_validate({**read[USUAL], **own, **_filed(read[USUAL], own)}) for name, own in read.items()
    }


def _filed(usual: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    return {"filed": {**usual["filed"], **own.get("filed", {})}}


def shapes(layout: str) -> Shapes:
    """The forms of a layout (单位.yaml 版式); those of Hunan where a layout names none of its own."""
    shipped = _shipped()
    return next((found for found in shipped.values() if layout in found.layouts), shipped[USUAL])


def place_of(bureau: str) -> str:
    """The place of a bureau, "" where its name does not tell.

    >>> place_of("东河县医疗保障局")
    '东河县'
    """
    return bureau.removesuffix("医疗保障局") if bureau.endswith("医疗保障局") else ""


def told(text: str, appraisal: Appraisal, **more: str) -> str:
    """Words of a shape with year, place and bureau filled in."""
    bureau = appraisal.bureau
    known = {
        "year": str(bureau.year),
        "last": str(bureau.year - 1),
        "place": place_of(bureau.name),
        "bureau": bureau.name,
    }
    for name, value in {**known, **more}.items():
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
