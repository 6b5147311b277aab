"""数据 of the new year: a blank for every figure that last year typed, once each, and last year's results as its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yibao.appraise.book import Book
from yibao.appraise.literal_yaml import BLANK_MARK
from yibao.appraise.next_year.yaml_text import flow, flow_list, scalar
from yibao.appraise.typed import Key, Typed
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.labels import Basis

LAST_FILE = "上年决算.yaml"
LAST_SOURCE = "上年自评填报"
_COLUMN = re.compile(r"\s*(?:\d{4}年度?)?(?:年初预算|调整追加|全年预算|预算|决算|目标|实际)数?$")
_NONE = "—"
_SCORE = "分"
_ORDER: tuple[Basis, ...] = ("target", "initial", "added", "adjusted", "budget", "final", "actual")


@dataclass(frozen=True, slots=True)
class _Group:
    """What one block of a data file shares."""

    file: str
    document: str
    table: str
    place: str
    scope: str
    unit: str


def blank_files(typed: Iterable[Typed], year: int) -> Mapping[str, str]:
    """The data files of the year after `year` by name: what was typed for `year`, each figure asked for once."""
    groups: dict[_Group, dict[Key, None]] = {}
    for item in typed:
        if item.key.year == year and item.number.unit.symbol != _SCORE:  # scores are computed
            groups.setdefault(_group(item, year), {})[item.key] = None
    home: dict[Key, _Group] = {}
    for group in sorted(groups, key=lambda g: -len(groups[g])):  # a table asks for its whole row
        for key in groups[group]:
            home.setdefault(key, group)
    files: dict[str, dict[_Group, dict[str, list[Key]]]] = {}
    for group, keys in groups.items():
        for key in keys:
            if home[key] == group:
                files.setdefault(group.file, {}).setdefault(group, {}).setdefault(key.figure, []).append(key)
    return {name: _file(found, year + 1) for name, found in files.items()}


def _group(item: Typed, year: int) -> _Group:
    source = item.sources[0]
    file = source.file.rpartition("/")[2].rpartition(".")[0] + ".yaml"
    table = source.table.replace(str(year), str(year + 1))
    place = _COLUMN.sub("", source.place)
    return _Group(file, source.document, table, place, item.key.scope, item.number.unit.symbol)


def _file(groups: Mapping[_Group, Mapping[str, Sequence[Key]]], year: int) -> str:
    head = f"# {year} 年度的数，照印件填写，末尾的 0 也写上；没有的写 —。同一个数只填这一处。\n数据:\n"
    return head + "\n".join("\n".join(_block(group, rows)) + "\n" for group, rows in groups.items())


def _block(group: _Group, rows: Mapping[str, Sequence[Key]]) -> Iterator[str]:
    bases = sorted({key.basis for keys in rows.values() for key in keys}, key=_ORDER.index)
    yield f"  - 来源: {flow({'文件': group.document, '表': group.table, '位置': group.place})}"
    if group.scope:
        yield f"    范围: {scalar(group.scope)}"
    if group.unit:
        yield f"    单位: {scalar(group.unit)}"
    names = [_basis_name(rows, basis) for basis in bases]
    yield f"    口径: {names[0]}" if len(bases) == 1 else f"    列: {flow_list(names)}"
    yield "    数:"
    for figure, keys in rows.items():
        own = {key.basis for key in keys}
        cells = [BLANK_MARK if basis in own else _NONE for basis in bases]
        value = cells[0] if len(bases) == 1 else flow_list(cells)
        yield f"      {figure}: {value}  # {load_figures().get(figure).label}"


def _basis_name(rows: Mapping[str, Sequence[Key]], basis: Basis) -> str:
    return next(key.basis_name for keys in rows.values() for key in keys if key.basis == basis)


def last_year_file(book: Book, year: int, folder: str) -> tuple[str, int]:
    """Results of `year` as last year's values, and how many: amounts and counts that were printed."""
    groups: dict[tuple[str, str], list[Typed]] = {}
    for key, item in sorted(book.chosen.items()):
        counted = load_figures().get(key.figure).role in ("amount", "count") and item.number.unit.symbol != _SCORE
        if counted and key.year == year and key.basis == "final" and key not in book.withheld:
            groups.setdefault((key.scope, item.number.unit.symbol), []).append(item)
    lines = [f"# {year} 年度自评采用的数，作上年数用。与后来批复的决算不同时，照决算改，来源写决算。", "数据:"]
    for (scope, unit), items in groups.items():
        lines += [f"  - 来源: {flow({'文件': LAST_SOURCE, '位置': folder})}", f"    年度: {year}", "    口径: 决算"]
        lines += [f"    范围: {scalar(scope)}"] if scope else []
        lines += [f"    单位: {scalar(unit)}"] if unit else []
        lines.append("    数:")
        lines += [f"      {i.key.figure}: {i.number.text}  # {load_figures().get(i.key.figure).label}" for i in items]
    return "\n".join(lines) + "\n", sum(map(len, groups.values()))
