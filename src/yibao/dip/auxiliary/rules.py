"""The levels of 辅助分型 as data. A level holds where everything that it says holds; of a kind, the first level that holds counts.

Bounds are written with their sign: `>65`, `>=66`, `2-7` (both included), `>=3` times, `>=50%`. Nothing is ever run; what is open is
read as the pack declares: 3 天以上, written `over_3` (los_over_3_inclusive), and the standard that a cost is a multiple of (standard).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import Field, model_validator

from yibao.dip.settings import Strict

Kind = Literal["cci", "severity", "age", "icu"]
KIND_NAMES: dict[str, str] = {"cci": "合并症指数", "severity": "疾病严重程度", "age": "年龄", "icu": "重症监护天数"}
OVER_3 = "over_3"
_BOUND = re.compile(r"(>=|<=|>|<|)(\d+)|(\d+)-(\d+)")
_RATIO = re.compile(r"(>=|<=|>|<)(\d+(?:\.\d+)?)(%?)|(\d+(?:\.\d+)?)(%?)-(\d+(?:\.\d+)?)(%?)")
_NUMBERS = ("age_days", "age_years", "icu_days", "los", "cci")
SHARES = ("treatment_share", "drug_share")
SHARE_UNIT = 10_000  #: shares are told apart by so many parts of one


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


class Span(NamedTuple):
    """Ratios between two ends; None is open. Whether an end belongs to it is as the sign was written."""

    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool


def ratio_bounds(text: str) -> Span:
    """A bound of a multiple or a share; a sign, or two ends, must be written. ValueError (Chinese) where it is none.

    >>> ratio_bounds(">=50%").low, ratio_bounds("<3").high_included, ratio_bounds("2-3")[::2]
    (Decimal('0.5'), False, (Decimal('2'), Decimal('3')))
    """
    found = _RATIO.fullmatch(text)
    if found is None:
        raise ValueError(f"看不懂的界限“{text}”，应写成 >=3、>2.5、>=50% 或 2-3")
    if found[4]:
        return Span(_ratio(found[4], found[5]), True, _ratio(found[6], found[7]), True)
    sign, value = found[1], _ratio(found[2], found[3])
    return Span(value, sign == ">=", None, False) if sign[0] == ">" else Span(None, False, value, sign == "<=")


def _ratio(number: str, percent: str) -> Decimal:
    return Decimal(number) / 100 if percent else Decimal(number)


def _fits(text: str) -> None:
    """ValueError where a share is more than the whole, or told to more than a hundredth of a per cent."""
    for end in (ratio_bounds(text).low, ratio_bounds(text).high):
        if end is not None and (end > 1 or end * SHARE_UNIT % 1):
            raise ValueError(f"占比“{text}”应在 0 与 100% 之间，最多写到万分之一")


class Level(Strict):
    """One level of one kind; whatever is not said is not asked. Ages and LOS in whole days or years."""

    kind: Kind
    level: str
    age_days: str = ""
    age_years: str = ""
    icu_days: str = ""
    los: str = ""  #: days; or over_3
    cci: str = ""  #: sum of the weights of the conditions among the other diagnoses
    cost_times: str = ""  #: total cost over the standard of the group
    treatment_share: str = ""  #: 治疗费 over total cost
    drug_share: str = ""  #: 西药、中药饮片、中成药 over total cost
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
        if self.cost_times:
            ratio_bounds(self.cost_times)
        for text in filter(None, map(self.__getattribute__, SHARES)):
            _fits(text)
        if self.kind == "severity" and self.severity:
            raise ValueError("疾病严重程度不能以自己为条件")
        return self

    @property
    def uses_fees(self) -> bool:
        """Does it ask what of the cost was for treatment or drugs?"""
        return bool(self.treatment_share or self.drug_share)

    @property
    def uses_money(self) -> bool:
        return bool(self.cost_times) or self.uses_fees


class Rules(Strict):
    """All levels, in order, and the readings that they need."""

    los_over_3_inclusive: bool | None = None  #: does 3 天以上 include the third day?
    icu_day: Literal["started", "whole"] | None = None  #: is a day of intensive care counted when begun, or when full?
    tumour: tuple[str, ...] = ()  #: ranges of categories, as C00-C97
    standard: Literal["mean", "score"] | None = (
        None  #: of a group: its mean cost in the pack's scores, or score × point_value
    )
    point_value: Decimal | None = None  #: yuan a point
    levels: tuple[Level, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Rules:
        if self.los_over_3_inclusive is None and any(level.los == OVER_3 for level in self.levels):
            raise ValueError("有级别用到“3 天以上”，须写明 los_over_3_inclusive（是否含 3 天）")
        if self.icu_day is None and any(level.icu_days for level in self.levels):
            raise ValueError("有级别用到重症监护天数，须写明 icu_day（started 不足一天算一天，whole 满一天才算）")
        if not self.tumour and any(level.tumour is not None or level.other_malignancy for level in self.levels):
            raise ValueError("有级别区分肿瘤，须写明 tumour（诊断类目范围）")
        if self.standard is None and self.uses_standard:
            raise ValueError(
                "有级别用到费用倍数，须写明 standard（费用标准：mean 病种次均费用，score 病种分值 × 点值）"
            )
        if (self.standard == "score") != (self.point_value is not None):
            raise ValueError("费用标准是 score 的须写明 point_value（点值，元），不是的不写")
        if self.point_value is not None and self.point_value <= 0:
            raise ValueError("point_value（点值）应大于 0")
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

    @property
    def uses_standard(self) -> bool:
        return any(level.cost_times for level in self.levels)

    @property
    def uses_fees(self) -> bool:
        return any(level.uses_fees for level in self.levels)

    @property
    def uses_money(self) -> bool:
        return any(level.uses_money for level in self.levels)

    def of(self, kind: str) -> Sequence[Level]:
        return [level for level in self.levels if level.kind == kind]

    def los(self, text: str) -> tuple[int | None, int | None]:
        """The bounds of a LOS; 3 天以上 as the pack reads it."""
        return (3 if self.los_over_3_inclusive else 4, None) if text == OVER_3 else bounds(text)
