"""The words of `accounts.yaml`, compiled: which title, row or column is which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict

from yibao.proofread.norm import normalise
from yibao.vocabulary.classification import load_classification

MAX_LABEL = 60  #: characters of a label that are looked at


def _compiles(text: str) -> str:
    re.compile(text)
    return text


Pattern = Annotated[str, AfterValidator(_compiles)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Economic(_Part):
    """The 类 of 经济分类 that make 人员经费 and 公用经费."""

    personnel: frozenset[str]
    public: frozenset[str]


class ExpectedEqual(_Part):
    """Items of two classifications that usually carry the same amount."""

    function: tuple[str, ...]
    economic: tuple[str, ...]
    label: str


class WithinThreePublic(_Part):
    """An item of table 06 that is part of a 三公 figure."""

    economic: str
    part: str
    label: str


class _File(_Part):
    titles: dict[str, Pattern]
    foreign: Pattern
    final: Pattern
    budget: Pattern
    income_rows: dict[str, Pattern]
    expense_rows: dict[str, Pattern]
    income_columns: dict[str, Pattern]
    expense_columns: dict[str, Pattern]
    fiscal_columns: dict[str, Pattern]
    three_public_parts: dict[str, Pattern]
    three_public_orders: tuple[tuple[str, ...], ...]
    order: dict[str, tuple[str, ...]]
    economic: Economic
    expected_equal: tuple[ExpectedEqual, ...]
    within_three_public: tuple[WithinThreePublic, ...]


class Chooser:
    """Names with their patterns; `find` gives the first name whose pattern occurs in a text."""

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._patterns = tuple((name, re.compile(p)) for name, p in patterns.items())

    def find(self, text: str) -> str | None:
        return next((name for name, p in self._patterns if p.search(text[:MAX_LABEL])), None)


@dataclass(frozen=True)
class Words:
    """The patterns by table and use, and the relations between items of several tables."""

    titles: Chooser
    foreign: re.Pattern[str]
    final: re.Pattern[str]
    budget: re.Pattern[str]
    income_rows: Chooser
    expense_rows: Chooser
    income_columns: Chooser
    expense_columns: Chooser
    fiscal_columns: Chooser
    three_public_parts: Chooser
    three_public_orders: tuple[tuple[str, ...], ...]
    order: Mapping[str, tuple[str, ...]]
    economic: Economic
    expected_equal: tuple[ExpectedEqual, ...]
    within_three_public: tuple[WithinThreePublic, ...]


@cache
def words() -> Words:
    """The words, read once."""
    text = (files("yibao.proofread.forms") / "accounts.yaml").read_text(encoding="utf-8")
    data = _File.model_validate(yaml.safe_load(text))
    return Words(
        Chooser(data.titles), re.compile(data.foreign), re.compile(data.final), re.compile(data.budget),
        Chooser(data.income_rows), Chooser(data.expense_rows), Chooser(data.income_columns), Chooser(data.expense_columns),
        Chooser(data.fiscal_columns), Chooser(data.three_public_parts), data.three_public_orders, data.order,
        data.economic, data.expected_equal, data.within_three_public,
    )  # fmt: skip


_CODE_BEFORE = re.compile(r"^\d{3}(?:\d{2}){0,2}(?=[\u4e00-\u9fff])")
_LEVEL_WORD = re.compile(r"（[类款项]）|(?<=支出)[类款项]$")


def item_name(text: str) -> str:
    """A name as two documents can be compared by it: no blanks, brackets of level, numbering or final 支出.

    >>> item_name("机关事业单位基本 养老保险缴费支出（项）"), item_name("八、社会保障和就业支出"), item_name("210卫生健康支出")
    ('机关事业单位基本养老保险缴费', '社会保障和就业', '卫生健康')
    """
    from yibao.proofread.forms.grid import clean_label

    clean = _LEVEL_WORD.sub("", _CODE_BEFORE.sub("", clean_label(normalise(text[: 2 * MAX_LABEL]).text)))
    return clean.removesuffix("支出") or clean


@cache
def _class_codes() -> Mapping[str, str]:
    entries = (c for c in load_classification("functional").codes if len(c.code) == 3)
    return {item_name(name): c.code for c in entries for name in (c.name, *c.aliases)}


def class_code(name: str) -> str | None:
    """The 类 that a row of an expense list names: "八、社会保障和就业支出" → "208"."""
    return _class_codes().get(item_name(name))
