"""Published tables that reached us as lines of text: no tabs, blanks lost, names broken over lines (text of a PDF page).

收入决算表                                    a title on a line of its own opens a region,
单位：万元
2080505 机关事业单位基本养老保险缴 446.11 446.11    every line becomes a row of a weak table,
费支出
注：本表反映……                                a note, prose or the next title closes it
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from yibao.proofread.document import Cell, Paragraph, Place, Source, Table
from yibao.proofread.findings import Evidence
from yibao.proofread.forms.accounts import account_form, read_account
from yibao.proofread.forms.accounts_table import Account, AccountForm, Line
from yibao.proofread.forms.accounts_words import words
from yibao.proofread.forms.facts import FormContext
from yibao.proofread.forms.grid import Number, declared_unit
from yibao.proofread.norm import normalise

MAX_TITLE = 45
MAX_LINES = 1200  #: of one region
FEWEST_AMOUNTS = 3

_TITLE = re.compile(
    r"^(?:[一二三四五六七八九十\d]{1,3}[、.．])?\S.{0,40}(?:总表|[决预]算表|明细表|支出表|收入表|情况表)$"
)
_CLOSES = re.compile(
    r"^(?:备?注\d?[：:]|说明[：:]|第[一二三四五六]部分|其他相关情况|[（(][一二三四五六七八九十][)）]\S{8,})"
)
_DOTS = re.compile(r"[.…·]{3,}")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and where it came from: a paragraph, or a row of a table that the reader guessed."""

    text: str
    block: int
    row: int | None
    page: int | None


@dataclass(slots=True)
class Region:
    """The lines under one title. `tables` are the tables among them, by block."""

    title: str
    block: int
    unit: str = ""
    lines: list[_Line] = field(default_factory=list)
    tables: dict[int, Table] = field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """A table with a printed grid stands here: its own reader knows better."""
        return any(not t.weak for t in self.tables.values())


def regions(source: Source) -> Iterator[Region]:
    """The stretches of a file that a published table's title opens, those without numbers left out."""
    here: Region | None = None
    for block, item in enumerate(source.blocks):
        if isinstance(item, Table):
            if here is not None:
                here.tables[block] = item
                here.lines.extend(_Line(item.quote(r), block, r, item.page) for r in range(len(item.rows)))
            continue
        for text in item.raw.split("\n"):
            clean = normalise(text[:200]).text
            if _is_title(clean):
                yield from _worth(here)
                here = Region(clean, block)
            elif here is not None and (
                _CLOSES.match(clean) or _is_prose(clean, len(text)) or len(here.lines) > MAX_LINES
            ):
                yield from _worth(here)
                here = None
            elif here is not None and clean:
                _add(here, text, clean, block, item)
    yield from _worth(here)


def _is_title(clean: str) -> bool:
    if len(clean) > MAX_TITLE or not _TITLE.match(clean) or _DOTS.search(clean):
        return False
    return words().titles.find(clean) not in (None, "project_list") and not words().foreign.search(clean)


def _is_prose(clean: str, length: int) -> bool:
    return length > 150 or "。" in clean or clean.endswith("；")


def _add(region: Region, text: str, clean: str, block: int, item: Paragraph) -> None:
    unit = declared_unit(clean)
    if unit is not None and not region.lines:
        region.unit = unit.symbol
    elif unit is None or "：" not in clean:
        region.lines.append(_Line(text, block, None, item.page))


def _worth(region: Region | None) -> Iterator[Region]:
    if region is not None and any(_DIGIT.search(x.text) for x in region.lines):
        yield region


def flat_forms(source: Source, sections: Sequence[tuple[str, ...]], context: FormContext) -> list[AccountForm]:
    """The tables of a file that only lines of text tell. Each covers the blocks it was read from.

    `context` gives file, year, bureau and offset; `sections` the headings over every block.
    """
    found = []
    for region in regions(source):
        if region.certain:
            continue
        section = sections[region.block] if region.block < len(sections) else ()
        account = read_account(_table(region), replace(context, block=region.block, section=section))
        if account is not None and sum(len(x.amounts) for x in account.lines) >= FEWEST_AMOUNTS:
            blocks = tuple(dict.fromkeys((region.block, *(x.block for x in region.lines))))
            found.append(replace(account_form(_placed(account, region)), covers=blocks))
    return found


def _table(region: Region) -> Table:
    """The lines as a weak table, split at blanks."""
    rows = [x.text.split()[:40] for x in region.lines]
    width = max(len(r) for r in rows)
    cells = tuple(
        tuple(Cell(t, r, c) for c, t in enumerate(row + [""] * (width - len(row)))) for r, row in enumerate(rows)
    )
    return Table(cells, region.title, region.unit, raw_rows=tuple(x.text for x in region.lines), weak=True)


def _placed(account: Account, region: Region) -> Account:
    """Every number told at the line it was read from."""

    def own(number: Number) -> Number:
        line = region.lines[number.key[1]]
        place = number.evidence.place
        here = Place(
            place.file, line.block, line.page, place.section, paragraph=None if line.row is not None else line.block,
            table=region.title, row=line.row, row_label=place.row_label, column_label=place.column_label,
        )  # fmt: skip
        offset = number.key[0] - region.block
        key = (offset + line.block, line.row or 0, number.key[2])
        return replace(number, key=key, evidence=Evidence(line.text.strip(), here))

    def moved(line: Line) -> Line:
        return replace(
            line, amounts={c: own(n) for c, n in line.amounts.items()}, other=tuple(own(n) for n in line.other)
        )

    return replace(account, lines=tuple(moved(x) for x in account.lines))
