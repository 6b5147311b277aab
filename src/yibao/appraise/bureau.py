"""单位.yaml: whose year it is, by which rules, and what is not a figure of the register: dates and institutions.

A self-evaluation looks back: its work, forms and signature come after the year, none after the day of publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from yibao.appraise.choices import AS_COMPUTED, AS_PRINTED, Choices, Contradiction, Settled, settle
from yibao.appraise.declared import Cited, Day, Declared, Points, Year, declared, listed
from yibao.appraise.literal_yaml import read_block
from yibao.appraise.typed import Source
from yibao.errors import UserError
from yibao.periods import year_end
from yibao.region.packs import Pack

#: the order of a self-evaluation's dates; forms and the report are of one step
_ORDER = {"自评": 0, "填报": 1, "落款": 2, "公开": 3}


class Dated(Declared):
    """A date that the documents print."""

    what: str = Field(alias="事项", min_length=1)
    kind: Literal["自评", "填报", "落款", "公开"] = Field(alias="类别")
    day: Day = Field(alias="日期")
    until: Day | None = Field(None, alias="至")
    source: Cited = Field(Source(""), alias="来源")

    @property
    def last(self) -> date:
        return self.until or self.day


class Part(Declared):
    name: str = Field(alias="名称", min_length=1)
    count: Points = Field(alias="个数")


class Institutions(Declared):
    """A number of institutions and the kinds that it is made of."""

    name: str = Field(alias="名称", min_length=1)
    count: Points = Field(alias="个数")
    parts: tuple[Part, ...] = Field((), alias="其中")
    source: Cited = Field(Source(""), alias="来源")


class Bureau(Declared):
    """The bureau and its year. `layout` is the form in which documents are set; `units`: the institutions by which figures
    are told apart (their scope); `rates`: see `named_rates`; `words`: cells of forms that hold words."""

    name: str = Field(alias="名称", min_length=2)
    year: Year = Field(alias="年度")
    region: str = Field(alias="地区", min_length=2)
    layout: str = Field("", alias="版式")
    units: tuple[str, ...] = Field((), alias="预算单位")
    rates: dict[str, str] = Field({}, alias="口径")
    words: dict[str, str] = Field({}, alias="表内文字")
    dates: tuple[Dated, ...] = Field((), alias="日期")
    institutions: tuple[Institutions, ...] = Field((), alias="机构")


@dataclass(frozen=True, slots=True)
class Frame:
    """What documents print of dates and institutions, and the contradictions settled for it."""

    dates: tuple[Dated, ...]
    institutions: tuple[Institutions, ...]
    settled: tuple[Settled, ...]


def read_bureau(path: Path, shown: str) -> Bureau:
    if not path.is_file():
        raise UserError(f"没有找到“{shown}”。请先用 yibao appraise new 建立一个年度的文件夹，再逐项填写。")
    return declared(Bureau, read_block(path, shown), shown)


def frame(bureau: Bureau, choices: Choices, region: Pack) -> Frame:
    """Dates and institutions after the choices; UserError for contradictions without one, or a day that is wrong too."""
    late = bool(region.value("deadlines.evaluation_after_year_end", on=year_end(bureau.year)))
    odd = date_contradictions(bureau.dates, bureau.year, late)
    settled = settle([*odd, *_counts(bureau.institutions)], choices)
    taken = {s.contradiction.name: s.take for s in settled}
    dates = tuple(_corrected(d, taken.get(_name(d))) for d in bureau.dates)
    accepted = {name for name, take in taken.items() if take == AS_PRINTED}
    if left := [c.said for c in date_contradictions(dates, bureau.year, late) if c.name not in accepted]:
        raise UserError(f"“取舍.yaml”里改正的日期仍有矛盾：\n{listed(left)}")
    institutions = tuple(_recounted(i, taken.get(f"机构 {i.name}")) for i in bureau.institutions)
    return Frame(dates, institutions, settled)


def date_contradictions(dates: Sequence[Dated], year: int, after_year_end: bool) -> list[Contradiction]:
    """Dates that lie in the evaluated year, or after a later step of the same evaluation."""
    found = []
    for item in dates:
        later = [d for d in dates if _ORDER[d.kind] > _ORDER[item.kind] and d.last < item.last]
        cited = f"（{item.source.printed_in}）" if item.source.document else ""
        if after_year_end and item.day <= year_end(year):
            said = f"{item.what}{cited}的日期 {item.day} 在 {year} 年结束之前，评价的却是 {year} 年度"
        elif later and not any(d.last <= year_end(year) for d in later):
            said = f"{item.what}{cited}的日期 {item.last} 晚于{later[0].what}的 {later[0].last}"
        else:
            continue
        found.append(Contradiction(_name(item), said, (AS_PRINTED,), dated=True))
    return found


def _name(item: Dated) -> str:
    return f"日期 {item.what}"


def _corrected(item: Dated, take: str | None) -> Dated:
    """The date moved to the chosen first day, its length kept."""
    if take is None or take == AS_PRINTED:
        return item
    try:
        day = date.fromisoformat(take)
    except ValueError:
        raise UserError(f"“取舍.yaml”里{item.what}的日期“{take}”不存在，请改正。") from None
    until = day + (item.until - item.day) if item.until else None
    return item.model_copy(update={"day": day, "until": until})


def _counts(institutions: Sequence[Institutions]) -> list[Contradiction]:
    return [
        Contradiction(
            f"机构 {item.name}",
            f"{item.name}印的是 {item.count} 个（{item.source.printed_in}），列出的是 {'＋'.join(str(p.count) for p in item.parts)}＝{_sum(item)} 个",
            (AS_PRINTED, AS_COMPUTED),
        )
        for item in institutions
        if item.parts and _sum(item) != item.count
    ]


def _sum(item: Institutions) -> Points:
    return sum((part.count for part in item.parts), start=item.count - item.count)


def _recounted(item: Institutions, take: str | None) -> Institutions:
    return item.model_copy(update={"count": _sum(item)}) if take == AS_COMPUTED else item
