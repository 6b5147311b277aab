"""取舍.yaml: which of contradictory inputs is printed, and why; and why a result lies far from its budget.

取舍:
  - 矛盾: 2025年 年度资金总额 年初预算     # as the program names it
    取: "1138.21"
    理由: 与批复文件一致
说明:
  - 偏差: 2025年 公用经费 决算与预算
    理由: …
提醒说明:                                # what the proofreader warns about in the finished documents (`closing`)
  - 提醒: 控制率：会议费、培训费
    理由: …
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from yibao.appraise.declared import Declared, declared, listed
from yibao.appraise.literal_yaml import read_block
from yibao.errors import UserError
from yibao.vocabulary.labels import normal

FILE = "取舍.yaml"
AS_PRINTED = "按印数"  #: the published number stays, the document explains it
AS_COMPUTED = "按计算"  #: the computed number is printed instead
WITHOUT_PARTS = "不印分项"  #: the published total stays, its parts are not printed
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Choice(Declared):
    """What is taken where inputs contradict each other."""

    about: str = Field(alias="矛盾", min_length=1)
    take: str = Field(alias="取", min_length=1)
    reason: str = Field(alias="理由", min_length=2)


class Explanation(Declared):
    """Why a result lies far from its budget."""

    about: str = Field(alias="偏差", min_length=1)
    reason: str = Field(alias="理由", min_length=2)


class Answer(Declared):
    """Why something that the proofreader warns about stands as it does."""

    about: str = Field(alias="提醒", min_length=1)
    reason: str = Field(alias="理由", min_length=2)


class _File(Declared):
    choices: tuple[Choice, ...] = Field((), alias="取舍")
    explanations: tuple[Explanation, ...] = Field((), alias="说明")
    answers: tuple[Answer, ...] = Field((), alias="提醒说明")


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices and explanations by the normal form of what they are about."""

    choices: Mapping[str, Choice] = field(default_factory=dict)
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()

    def of(self, name: str) -> Choice | None:
        return self.choices.get(normal(name))

    def why(self, name: str) -> str:
        """The explanation of a deviation, empty where none is given."""
        found = self.explanations.get(normal(name))
        return found.reason if found else ""

    def refuse_unused(self, contradictions: Iterable[str], deviations: Iterable[str]) -> None:
        """UserError for choices and explanations that refer to nothing."""
        known, far = set(map(normal, contradictions)), set(map(normal, deviations))
        idle = [c.about for name, c in self.choices.items() if name not in known]
        idle += [e.about for name, e in self.explanations.items() if name not in far]
        if idle:
            raise UserError(f"“{FILE}”里这些条目没有对应的矛盾或偏差，请删去或改正名称：\n{listed(idle)}")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Published inputs that cannot all be true. `options`: what 取 may say; `dated`: another day may stand there too."""

    name: str
    said: str
    options: tuple[str, ...]
    dated: bool = False

    def accepted(self, take: str) -> str | None:
        """The option that 取 means, in the form in which it is offered; None for none of them."""
        if self.dated and _DAY.fullmatch(take):
            return take
        return next((option for option in self.options if normal(option) == normal(take)), None)


@dataclass(frozen=True, slots=True)
class Settled:
    """A contradiction with the choice made."""

    contradiction: Contradiction
    take: str
    reason: str


def settle(found: Iterable[Contradiction], choices: Choices) -> tuple[Settled, ...]:
    """Each contradiction with its choice; one UserError that lists all without, or with a choice that is none."""
    settled, open_ = [], []
    for contradiction in found:
        choice = choices.of(contradiction.name)
        take = contradiction.accepted(choice.take) if choice else None
        if choice is not None and take is not None:
            settled.append(Settled(contradiction, take, choice.reason))
        else:
            wrong = f"（“{FILE}”写的“{choice.take}”不在其中）" if choice else ""
            options = "、".join(f"“{option}”" for option in contradiction.options)
            options += "或改正后的日期，如 2026-01-31" if contradiction.dated else ""
            open_.append(f"【{contradiction.name}】{contradiction.said}。“取”可写{options}{wrong}")
    if open_:
        raise UserError(f"有 {len(open_)} 处矛盾还没有取舍，请在“{FILE}”里逐条写明矛盾、取、理由：\n{listed(open_)}")
    return tuple(settled)


def read_choices(path: Path, shown: str) -> Choices:
    """The choices of a folder, none where it has no such file. UserError for two about one thing."""
    if not path.exists():
        return Choices()
    content = declared(_File, read_block(path, shown), shown)
    choices = {normal(choice.about): choice for choice in content.choices}
    explanations = {normal(item.about): item for item in content.explanations}
    once = len(choices) == len(content.choices) and len(explanations) == len(content.explanations)
    if not once or len({normal(answer.about) for answer in content.answers}) < len(content.answers):
        raise UserError(f"“{shown}”里有一个矛盾、偏差或提醒写了两次，请只留一条。")
    return Choices(choices, explanations, content.answers)
