"""Where the headings of a sheet stand, which table they mean, and what the title rows above say. Pure, over the first rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yibao.errors import UserError
from yibao.store.importing.headings import MONEY_UNITS, RATE_UNITS, Reading, Wanted, fits, plain, read_headings
from yibao.store.importing.titles import titled
from yibao.vocabulary.tables import Table, Vocabulary

HEAD = 40  #: rows in which headings are looked for
MOST_COLUMNS = 2000
_UNIT = re.compile(r"(?:金额)?单位:(" + "|".join(sorted(MONEY_UNITS, key=len, reverse=True)) + r")(?![\u4e00-\u9fff])")

_ONLY_UNIT = re.compile(r"\(?(?:" + "|".join([*MONEY_UNITS, *map(re.escape, RATE_UNITS), "人", "例", "人次"]) + r")\)?")

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Head:
    """The heading rows of a sheet: the first one, how many, what they say together, and the unit that a title row declares."""

    first: int
    rows: int
    headings: tuple[str, ...]
    unit: str = ""
    above: tuple[tuple[str, ...], ...] = ()  #: the rows above, as they are written
    upper: tuple[str, ...] = ()  #: of two rows the upper one, else the row above

    @property
    def body(self) -> int:
        """The index of the first row below."""
        return self.first + self.rows


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said about the file: the table, and the mapping file's columns and constants."""

    table: Table | None = None
    columns: Mapping[str, Wanted] | None = None
    constant: Mapping[str, str] | None = None


def find_head(rows: Rows, vocabulary: Vocabulary, asked: Asked) -> Head | None:
    """The row, or the two rows under merged headings, that name most columns; None where no row names any."""
    wanted = {plain(h) for h in asked.columns or {}}
    best, found = (0, 0, 0), None
    for i, row in enumerate(rows[:HEAD]):
        for count, headings in _candidates(rows, i, row):
            known = fits(headings, vocabulary) + sum(plain(h) in wanted for h in headings)
            of_units = count == 2 and _is_of_units(rows[i + 1])
            if known and (known, of_units, -count) > best:
                best, found = (known, of_units, -count), (i, count, headings)
    if found is None:
        return None
    first, count, headings = found
    upper = first if count == 2 else first - 1  # merged downwards, the lower of two rows may say it all
    above = tuple(map(tuple, rows[:first]))
    return Head(
        first, count, tuple(headings), _unit_above(rows[:first]), above, tuple(rows[upper]) if upper >= 0 else ()
    )


def _candidates(rows: Rows, i: int, row: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    candidates: list[tuple[int, Sequence[str]]] = [(1, row)]
    if i + 1 < len(rows):
        candidates.append((2, _under_merged(row, rows[i + 1])))
    return candidates


def _under_merged(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Headings over two rows: the lower one where it says something, else the upper one (merged downwards); a unit below belongs to both.

    >>> _under_merged(["机构", "费用", "费用", "应付"], ["", "总费用", "统筹", "（万元）"])
    ['机构', '总费用', '统筹', '应付（万元）']
    """
    found = []
    for i in range(max(len(upper), len(lower))):
        above, below = (row[i].strip() if i < len(row) else "" for row in (upper, lower))
        is_unit = above and below != above and _ONLY_UNIT.fullmatch(plain(below))
        found.append(f"{above}（{plain(below).strip('()')}）" if is_unit else below or above)
    return found


def _is_of_units(row: Sequence[str]) -> bool:
    """Does a row below headings say their units and nothing else?"""
    said = [plain(cell) for cell in row if plain(cell)]
    return bool(said) and all(_ONLY_UNIT.fullmatch(cell) for cell in said)


def _unit_above(rows: Rows) -> str:
    for row in rows:
        for cell in row:
            if found := _UNIT.search(plain(cell)):
                return found[1]
    return ""


def sides(head: Head, vocabulary: Vocabulary) -> list[tuple[Head, dict[str, str]]]:
    """A sheet with two insurances side by side, each under its own heading, as one for each; none for any other sheet."""
    codes = vocabulary.codes["insurance_type"]
    words = {plain(said): value for said, value in {**{v: k for k, v in codes.values.items()}, **codes.spoken}.items()}
    of = [words.get(plain(cell), "") for cell in head.upper]
    values = [value for value in dict.fromkeys(of) if value]
    lower = [plain(one) for one, value in zip(head.headings, of, strict=False) if value]
    if len(values) < 2 or len(set(lower)) == len(lower):
        return []
    of += [""] * (len(head.headings) - len(of))
    return [
        (
            replace(head, headings=tuple("" if own and own != value else said for said, own in zip(head.headings, of, strict=True))),
            {"insurance_type": value},
        )
        for value in values
    ]  # fmt: skip


def part_of(head: Head, part: Head) -> frozenset[int]:
    """The places that one of the sheets side by side has for itself."""
    places = [at for at, said in enumerate(part.headings) if said]
    shared = {at for at in places if plain(head.headings[at]) == plain(head.upper[at] if at < len(head.upper) else "")}
    return frozenset(places) - shared


def read_for(head: Head, table: Table, asked: Asked, titles: Mapping[str, str] | None = None) -> Reading:
    fixed = frozenset(asked.constant or {})
    return read_headings(head.headings, table, asked.columns, head.unit, fixed, titles)


def decide(head: Head, where: str, vocabulary: Vocabulary, asked: Asked, names: Sequence[str] = ()) -> Reading:
    """For which table the sheet is; UserError where it is none, or several fit. `where`: file and sheet, as people name them.

    `names`: of the sheet and of the file, which may say what no column does.
    """

    def read(table: Table) -> Reading:
        return read_for(head, table, asked, titled(table, head.above, names, vocabulary))

    if asked.table is not None:
        return _accepted(read(asked.table), where)
    readings = [r for t in vocabulary.tables.values() if len((r := read(t)).named) >= min(2, len(t.columns))]
    whole = sorted((r for r in readings if not r.missing), key=_fit, reverse=True)
    if whole:
        named = [r for r in whole if _fit(r) == _fit(whole[0])]
        if len(named) > 1:
            named = [r for r in named if r.table.label in where or r.table.name in where] or named
        if len(named) == 1:
            return _accepted(named[0], where)
        raise UserError(
            f"{where}可能是 {_tables(named)}，分不清。请用 --as 写明是哪张表，例如 --as {named[0].table.name}。"
        )
    near = sorted(readings, key=lambda r: (len(r.named) - len(r.missing), len(r.named)), reverse=True)
    if near and (len(near) == 1 or len(near[0].named) >= 2 * len(near[1].named) or _is_named(near[0], where)):
        return _accepted(near[0], where)
    if not near:
        known = "、".join(h.strip() for h in head.headings if h.strip())[:200]
        raise UserError(f"{where}的表头（{known}）不像任何一张表，没有导入。请用 --as 写明表，用 --mapping 写明各列。")
    said = "；".join(f"{_tables([r])}缺 {_missing(r, 5)}" for r in near[:3])
    raise UserError(f"{where}不能确定是哪张表：{said}。请用 --as 写明表，或用 --mapping 写明各列。")


def _fit(reading: Reading) -> tuple[int, int]:
    """More headings understood is better; among equals, the table of which less is left out."""
    return len(reading.named), -len(reading.table.columns)


def _is_named(reading: Reading, where: str) -> bool:
    return reading.table.label in where or reading.table.name in where


def _accepted(reading: Reading, where: str) -> Reading:
    label = reading.table.label
    if reading.twice:
        names = "、".join(f"{name}（{reading.table.by_name[name].element.label}）" for name in reading.twice)
        raise UserError(
            f"{where}有两列都是 {names}，分不清用哪一列，没有导入。请改掉一列的表头，或在映射文件里写“不导入”。"
        )
    if reading.bad_units:
        raise UserError(f"{where}的表头 {'、'.join(reading.bad_units)} 里的单位不适用于这一列，没有导入。")
    if reading.missing:
        raise UserError(f"{where}按“{label}”导入缺少必填的列：{_missing(reading, 30)}，没有导入。{_unknown(reading)}")
    return reading


def _missing(reading: Reading, most: int) -> str:
    labels = [f"{c.element.label}（{c.name}）" for c in reading.missing]
    return "、".join(labels[:most]) + (f" 等 {len(labels)} 列" if len(labels) > most else "")


def _unknown(reading: Reading) -> str:
    return (
        f"表头里不认识的列：{'、'.join(h.strip() for h in reading.unknown[:20])}；可用 --mapping 对应。"
        if reading.unknown
        else ""
    )


def _tables(readings: Sequence[Reading]) -> str:
    return "、".join(f"{r.table.label}（{r.table.name}）" for r in readings)
