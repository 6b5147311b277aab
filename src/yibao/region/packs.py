"""Packs: folders of YAML with the rules and parameters of a jurisdiction, each dated, sourced and graded.

A pack is a folder with `pack.yaml` (code, name, parent, places) and rule files. A rule file holds `parameters` (a key
with its values over time) and lists of rules, one list per kind. A place asks its own pack first, then the one above:
县 → 市 → 省 → 国家. Whoever asks gets the value and where it comes from; what nobody has written is an error that
names the key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from yibao.errors import UserError
from yibao.region.loading import load_packs
from yibao.region.located import read_located
from yibao.region.pack import Pack

__all__ = [
    "NATIONAL",
    "SHIPPED",
    "Pack",
    "load_packs",
    "opened",
    "region",
    "region_of",
    "shipped_packs",
    "workspace_pack",
]

SHIPPED = Path(__file__).parent / "packs"
NATIONAL = "cn"
OWN = "地区包"  #: the folder of a workspace where a bureau keeps its own packs


@lru_cache(maxsize=1)
def shipped_packs() -> dict[str, Pack]:
    """The packs that ship, read once."""
    return load_packs(SHIPPED)


def opened(said: str, *, checked: bool = True) -> Pack:
    """The pack of a folder on disk (above it the packs that ship), or else of a jurisdiction code.

    >>> opened("cn-4306").name
    '岳阳市'
    """
    folder = Path(said)
    if not (folder / "pack.yaml").is_file():
        if folder.is_dir():
            raise UserError(f"“{folder}”里没有 pack.yaml，不是地区包。")
        return region(said, load_packs(SHIPPED, checked=checked) if not checked else None)
    found = load_packs(folder, above=shipped_packs(), checked=checked)
    return found[str(read_located(folder / "pack.yaml")["code"])]


def workspace_pack(folder: Path, code: str, *, checked: bool = True) -> Pack:
    """The pack by which a workspace goes: of its jurisdiction code, among its own packs and those that ship."""
    own = folder / OWN
    above = shipped_packs() if checked else load_packs(SHIPPED, checked=False)
    return region(code, load_packs(own, above=above, checked=checked) if own.is_dir() else above)


def region(code: str = NATIONAL, packs: Mapping[str, Pack] | None = None) -> Pack:
    """The pack of a jurisdiction code, or of the nearest one above it that has a pack.

    >>> region("cn-430682").name
    '岳阳市'
    """
    known = shipped_packs() if packs is None else packs
    asked = code.lower()
    while asked not in known and re.search(r"\d\d$", asked):
        asked = asked[:-2].rstrip("-")
    if asked not in known:
        raise UserError(f"没有代码为 {code} 的地区包，可用的有：{'、'.join(sorted(known))}。")
    return known[asked]


def region_of(name: str, packs: Mapping[str, Pack] | None = None) -> Pack:
    """The pack of a place or bureau by its name; the national pack where no pack knows the place.

    >>> region_of("益阳市医疗保障局").code, region_of("某某县医疗保障局").code
    ('cn-4309', 'cn')
    """
    known = shipped_packs() if packs is None else packs
    hits = [(len(p), len(pack.code), pack.code) for pack in known.values() for p in pack.places if _opens(p, name)]
    return known[max(hits)[2]] if hits else region(NATIONAL, known)


def _opens(place: str, name: str) -> bool:
    """Does a place stand at the start of a name, or after a larger one? 阜南县 is not 南县."""
    at = name.find(place)
    return at == 0 or (at > 0 and name[at - 1] in "省市州县区")
