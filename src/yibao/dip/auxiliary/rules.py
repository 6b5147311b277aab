"""The levels of 辅助分型 as data. A level holds where everything that it says holds; of a kind, the first level that holds counts.

Bounds are written with their sign: `>65`, `>=66`, `2-7` (both included). Nothing is ever run; the one bound whose reading is open,
3 天以上, is written `over_3` and read as the pack declares (los_over_3_inclusive).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import Field, model_validator

from yibao.dip.settings import Strict

Kind = Literal["cci", "severity", "age", "icu"]
KIND_NAMES: dict[str, str] = {"cci": "合并症指数", "severity": "疾病严重程度", "age": "年龄", "icu": "重症监护天数"}
OVER_3 = "over_3"
_BOUND = re.compile(r"(>=|<=|>|<|)(\d+)|(\d+)-(\d+)")
_NUMBERS = ("age_days", "age_years", "icu_days", "los", "cci")


def bounds(text: str) -> tuple[int | None, int | None]:
    """Lowest and highest whole number of a bound, both included; None is open. ValueError (Chinese) where it is none.

    >>> bounds(">65"), bounds(">=66"), bounds("2-7"), bounds("<1"), bounds("4")
    ((66, None), (66, None), (2, 7), (None, 0), (4, 4))
    """
    found = _BOUND.fullmatch(text)
    if found is None:
        raise ValueError(f"看不懂的界限“{text}”，应写成 2-7、>65、>=66")
    if found[3]:
        return int(found[3]), int(found[4])
    sign, number = found[1], int(found[2])
    low = {">": number + 1, ">=": number, "": number}.get(sign)
    return low, {"<": number - 1, "<=": number, "": number}.get(sign)


class Level(Strict):
    """One level of one kind; whatever is not said is not asked. Ages and LOS in whole days or years."""

    kind: Kind
    level: str
    age_days: str = ""
    age_years: str = ""
    icu_days: str = ""
    los: str = ""  #: days; or over_3
    cci: str = ""  #: sum of the weights of the conditions among the other diagnoses
    died: bool | None = None
    listed: str = ""  #: an other diagnosis stands on this list
    tumour: bool | None = None  #: is the main diagnosis a tumour?
    other_malignancy: bool = False  #: a malignant other diagnosis of another category than the main one
    severity: tuple[str, ...] = ()  #: the level of severity is one of these

    @model_validator(mode="after")
    def _is_said(self) -> Level:
        for name in _NUMBERS:
            if (text := getattr(self, name)) and not (name == "los" and text == OVER_3):
                bounds(text)
        if self.kind == "severity" and self.severity:
            raise ValueError("疾病严重程度不能以自己为条件")
        return self


class Rules(Strict):
    """All levels, in order, and the readings that they need."""

    los_over_3_inclusive: bool | None = None  #: does 3 天以上 include the third day?
    icu_day: Literal["started", "whole"] | None = None  #: is a day of intensive care counted when begun, or when full?
    tumour: tuple[str, ...] = ()  #: ranges of categories, as C00-C97
    levels: tuple[Level, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Rules:
        if self.los_over_3_inclusive is None and any(level.los == OVER_3 for level in self.levels):
            raise ValueError("有级别用到“3 天以上”，须写明 los_over_3_inclusive（是否含 3 天）")
        if self.icu_day is None and any(level.icu_days for level in self.levels):
            raise ValueError("有级别用到重症监护天数，须写明 icu_day（started 不足一天算一天，whole 满一天才算）")
        if not self.tumour and any(level.tumour is not None or level.other_malignancy for level in self.levels):
            raise ValueError("有级别区分肿瘤，须写明 tumour（诊断类目范围）")
        names = [(level.kind, level.level) for level in self.levels]
        if len(set(names)) < len(names):
            raise ValueError("同一方式下有两个级别同名")
        return self

    @property
    def lists(self) -> frozenset[str]:
        """The lists of diagnoses that the levels ask for."""
        return frozenset(level.listed for level in self.levels if level.listed)

    @property
    def uses_comorbidity(self) -> bool:
        return any(level.cci for level in self.levels)

    def of(self, kind: str) -> Sequence[Level]:
        return [level for level in self.levels if level.kind == kind]

    def los(self, text: str) -> tuple[int | None, int | None]:
        """The bounds of a LOS; 3 天以上 as the pack reads it."""
        return (3 if self.los_over_3_inclusive else 4, None) if text == OVER_3 else bounds(text)
