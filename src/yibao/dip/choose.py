"""Which pack groups a stay: the one that holds in its region on the day of its discharge. Nothing else will do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yibao.dip.grouping.group import Grouper
from yibao.dip.pack import Manifest, Pack
from yibao.errors import UserError


def holds(pack: Pack, region: str, day: date) -> bool:
    """A pack without a region holds where it is used; one without a first day has not been put in force."""
    manifest = pack.manifest
    inside = not manifest.region or region.startswith(manifest.region)
    began = manifest.valid_from is not None and manifest.valid_from <= day
    return inside and began and (manifest.valid_to is None or day <= manifest.valid_to)


@dataclass(frozen=True)
class Choice:
    """The packs of a run. A region's own pack precedes one of the region above."""

    groupers: Sequence[Grouper]
    region: str = ""

    def grouper(self, day: date | None, what: str) -> Grouper:
        """The grouper for a discharge; UserError where no pack holds, or two hold with equal right.

        One pack alone that says no dates is used for whatever it is given.
        """
        if len(self.groupers) == 1 and self.groupers[0].pack.manifest.valid_from is None:
            return self.groupers[0]
        if day is None:
            if len(self.groupers) == 1:
                return self.groupers[0]
            raise UserError(f"{what}没有出院日期，不知道用哪一个分组方案。")
        found = [grouper for grouper in self.groupers if holds(grouper.pack, self.region, day)]
        longest = max((len(grouper.pack.manifest.region) for grouper in found), default=0)
        found = [grouper for grouper in found if len(grouper.pack.manifest.region) == longest]
        if not found:
            where = f"地区 {self.region} " if self.region else "没有写明地区（--region），"
            have = "；".join(_terms(grouper.pack) for grouper in self.groupers)
            raise UserError(
                f"{what}{day.isoformat()} 出院，{where}没有这一天有效的分组方案（现有：{have}），没有分组。"
            )
        if len(found) > 1:
            names = "、".join(grouper.pack.title for grouper in found)
            raise UserError(f"{what}{day.isoformat()} 出院，有几个分组方案同时有效：{names}。请改正起止日期。")
        return found[0]

    def spans(self) -> Iterator[str]:
        """The packs in words."""
        return (_terms(grouper.pack) for grouper in self.groupers)


def _terms(pack: Pack) -> str:
    manifest = pack.manifest
    place = f"地区 {manifest.region} " if manifest.region else ""
    return f"{pack.title} {place}{span(manifest)}"


def span(manifest: Manifest) -> str:
    """The discharges that a pack is for: 2025-01-01 至 2025-12-31, or 2027-01-01 起 where no last day is said."""
    start = manifest.valid_from.isoformat() if manifest.valid_from else "未写起始日期"
    return f"{start} 至 {manifest.valid_to.isoformat()}" if manifest.valid_to else f"{start} 起"
