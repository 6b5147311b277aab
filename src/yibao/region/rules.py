"""The parts of a pack: values and rules, each with its dates, its source and its grade."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from yibao.errors import UserError
from yibao.periods import Span

#: official: a government body's text; secondary: a reprint; unverified: not compared; proposal: our own
Grade = Literal["official", "secondary", "unverified", "proposal"]
#: verified: the text was compared; inferred: from secondary material; example: never a truth
Status = Literal["verified", "inferred", "example"]


class Dated(BaseModel):
    """What every value and every rule carries."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    valid_from: date = Field(alias="from")
    valid_to: date | None = Field(default=None, alias="to")
    known_from: date | None = None  #: publication of the notice, where it differs from `from`
    source: str = Field(min_length=1)
    clause: str = ""
    grade: Grade
    status: Status

    @property
    def span(self) -> Span:
        return Span(self.valid_from, self.valid_to)

    @property
    def known(self) -> date:
        """The day from which it can be known."""
        return self.known_from or self.valid_from

    def applies(self, on: date, known_at: date | None) -> bool:
        """Does it hold on that day, as far as was known at `known_at`?"""
        return on in self.span and (known_at is None or self.known <= known_at)

    @property
    def cited(self) -> str:
        """The source as a message quotes it."""
        return f"{self.source}{self.clause}"


class Value(Dated):
    """One value of a parameter, and where it is written."""

    value: Any
    reason: str = ""
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """Where it is written, as messages say it."""
        return f"地区包文件 {self.file} 第 {self.line} 行" if self.file else self.cited

    def error(self, key: str, what: str) -> UserError:
        """What is wrong with this value, with file and line."""
        return UserError(f"{self.place}的参数 {key} 有误：{what}。请改正后再运行。")


class Rule(Dated):
    """A rule of some kind: its head here, its content in `body`, its place for error messages."""

    id: str
    kind: str
    body: dict[str, Any]
    pack: str
    file: str
    line: int

    def error(self, what: str) -> UserError:
        """What is wrong with this rule, with file and line."""
        return UserError(f"地区包文件 {self.file} 第 {self.line} 行的规则“{self.id}”有误：{what}，请改正后再运行。")
