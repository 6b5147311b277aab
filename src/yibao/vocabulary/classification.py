"""The budget classifications: codes, their names in a given year, and their hierarchy (data: classification/*.yaml).

Codes are a prefix tree: 208 (类) > 20805 (款) > 2080505 (项). Names change with the year, so both ways of asking
name one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from yibao.vocabulary.data import shipped_yaml
from yibao.vocabulary.labels import normal

Kind = Literal["functional", "economic"]

_SUFFIX = "支出"  #: printed or left out as a form likes: 城乡医疗救助（支出）


class Code(BaseModel):
    """A code with its name from one budget year to another, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    code: str = Field(pattern=r"^\d+$")
    name: str
    valid_from: int = Field(alias="from")
    valid_to: int | None = Field(default=None, alias="to")
    grade: Literal["official", "unverified"]
    aliases: tuple[str, ...] = ()

    def holds_in(self, year: int) -> bool:
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


class Classification(BaseModel):
    """One classification. Asked without a year, the newest name answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    levels: tuple[int, ...]  #: number of digits at each level
    level_names: tuple[str, ...]
    codes: tuple[Code, ...]

    def entry(self, code: str, year: int | None = None) -> Code | None:
        """The entry of a code, None for a code that is not listed for that year."""
        found = [c for c in self.codes if c.code == code and (year is None or c.holds_in(year))]
        return max(found, key=lambda c: c.valid_from) if found else None

    def name_of(self, code: str, year: int | None = None) -> str | None:
        """The name of a code in that year.

        >>> load_classification("functional").name_of("20805", 2019)
        '行政事业单位离退休'
        """
        entry = self.entry(code, year)
        return entry.name if entry else None

    def code_of(self, name: str, year: int | None = None, under: str = "") -> str | None:
        """The code of a name, None where none or several have it; `under` narrows to the codes below a prefix.

        >>> load_classification("functional").code_of("医疗保障管理事务（款）")
        '21015'
        """
        wanted = _key(name)
        found = {
            c.code
            for c in self.codes
            if c.code.startswith(under)
            and (year is None or c.holds_in(year))
            and wanted in map(_key, (c.name, *c.aliases))
        }
        return found.pop() if len(found) == 1 else None

    def agrees(self, code: str, name: str, year: int | None = None) -> bool | None:
        """Do a printed code and name belong together in that year? None where the code is not listed."""
        entry = self.entry(code, year)
        return None if entry is None else _key(name) in map(_key, (entry.name, *entry.aliases))

    def level(self, code: str) -> int | None:
        """1 for 类, 2 for 款, 3 for 项; None for a code of another length."""
        return self.levels.index(len(code)) + 1 if len(code) in self.levels else None

    def parents(self, code: str) -> tuple[str, ...]:
        """The codes above a code, outermost first.

        >>> load_classification("functional").parents("2101506")
        ('210', '21015')
        """
        return tuple(code[:digits] for digits in self.levels if digits < len(code))


def _key(name: str) -> str:
    text = normal(name)
    for mark in ("类", "款", "项"):
        text = text.removesuffix(mark)
    return text.removesuffix(_SUFFIX)


@lru_cache(maxsize=2)
def load_classification(kind: Kind) -> Classification:
    """The shipped classification: functional (支出功能分类) or economic (支出经济分类)."""
    data = shipped_yaml(f"classification/{kind}.yaml")
    common = {key: data.pop(key) for key in ("from", "grade")}
    return Classification.model_validate({**data, "codes": [{**common, **code} for code in data["codes"]]})
