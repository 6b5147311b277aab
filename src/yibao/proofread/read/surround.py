"""What is printed around a table, read into it: title, unit, 公开01表, 部门：, 注：. The paragraphs stay too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yibao.proofread.document import Block, Paragraph, Table
from yibao.proofread.read.lines import bare, is_note_after, is_note_before, is_title, unit_in_title, unit_of
from yibao.proofread.read.stacked import bracketed

REACH = 6  #: paragraphs looked at before and after a table
WEAK_REACH = 15  #: above a table without rulings, whose header stands there in pieces
UNIT_ROWS = 3  #: rows at the top of a table that may hold its unit
SHORT = 30  #: characters of a line above a table that is no title and does not hide one
LINES_IN_ONE = 4  #: lines of one paragraph that are looked at


def dress(blocks: Sequence[Block]) -> list[Block]:
    """Give every table the title, unit and notes printed around it. Paragraphs are left untouched."""
    done: list[Block] = []
    for i, block in enumerate(blocks):
        if isinstance(block, Table):
            block = _dressed(blocks, i, block)
            block = block if block.unit else replace(block, unit=_unit_before(done, block))
        done.append(block)
    return done


def _unit_before(blocks: Sequence[Block], table: Table) -> str:
    """The unit of the table above where only this table's caption in brackets stands between: one title for both."""
    between, above = blocks[-1:], blocks[-2:-1]
    headed = all(isinstance(block, Paragraph) and bracketed(block.raw) == table.caption != "" for block in between)
    return next((block.unit for block in above if headed and isinstance(block, Table)), "")


def _dressed(blocks: Sequence[Block], i: int, table: Table) -> Table:
    caption, unit, notes = _above(blocks, i, WEAK_REACH if table.weak else REACH)
    caption = table.caption or caption
    unit = table.unit or unit or _unit_inside(table) or unit_in_title(caption)
    return replace(table, caption=caption, unit=unit, notes=table.notes + notes + _below(blocks, i))


def _lines(paragraph: Paragraph) -> list[str]:
    found = [line.strip() for line in paragraph.raw[:1000].split("\n") if line.strip()]
    return found[-LINES_IN_ONE:]


def _above(blocks: Sequence[Block], i: int, reach: int) -> tuple[str, str, tuple[str, ...]]:
    """(title, unit, notes) from the nearest lines above, read upwards until something else stands there."""
    caption, unit = "", ""
    notes: list[str] = []
    skipped = 0  # short lines that are neither: a header that was set above the table
    for block in reversed(blocks[max(0, i - reach) : i]):
        if not isinstance(block, Paragraph):
            break
        lines = _lines(block)
        done = False
        for line in reversed(lines):
            if is_note_before(line) or unit_of(line):
                unit = unit or unit_of(line)
                notes.insert(0, bare(line))
            elif is_title(line) and not caption:
                caption = bare(line)
                unit = unit or unit_in_title(caption)
            elif (
                len(line) <= SHORT
                and not caption
                and not any(mark in line for mark in "。；，")
                and skipped < reach // 3 * 2 - 2
            ):
                skipped += 1
            else:
                done = True
                break
        if done or caption:
            break
    return caption, unit, tuple(notes)


def _below(blocks: Sequence[Block], i: int) -> tuple[str, ...]:
    """The notes and signature lines under a table."""
    notes: list[str] = []
    for block in blocks[i + 1 : i + 1 + REACH]:
        if not isinstance(block, Paragraph) or not is_note_after(block.raw):
            break
        notes.append(block.raw.strip())
    return tuple(notes)


def _unit_inside(table: Table) -> str:
    """A unit declared in a cell of the first rows: "单位：万元" above the header."""
    for row in table.rows[:UNIT_ROWS]:
        for cell in row:
            unit = unit_of(cell.text) if cell.text and len(cell.text) <= 60 else ""
            if unit:
                return unit
    return ""
