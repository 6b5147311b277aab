"""The rows of a table of accounts: codes in one column or three, names, two-sided halves, several groups side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from yibao.proofread.document import Cell
from yibao.proofread.forms.grid import Grid
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import Quantity, is_blank

_CODE = re.compile(r"[\[（【]?(?P<code>[1-5]\d{2}(?:\d{2}){0,2})[\]）】]?[-_:：.]?(?P<name>(?![\d.,%年月])\S*)$")
_SPACED_CODE = re.compile(r"\s*([1-5]\d{2})\s+(\d{2})(?:\s+(\d{2}))?(?!\d)")
_PART = re.compile(r"\d{1,2}$")
_LINE_LABEL = re.compile(r"(?:栏次|行次)$")
MAX_TEXT = 200  #: characters of a cell that are read


@dataclass(frozen=True, slots=True)
class Token:
    """A filled cell: `number` is None for text."""

    col: int
    text: str
    number: Quantity | None

    @property
    def whole(self) -> bool:
        return self.number is not None and self.number.decimals == 0 and self.number.unit is None


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of a row: an optional code, a label, and the cells with amounts behind it. `col` is where it begins."""

    row: int
    col: int
    code: str
    label: str
    cells: tuple[int, ...]


def tokens_of(grid: Grid, row: int, skipped: frozenset[int] = frozenset()) -> list[Token]:
    """The filled cells of a row, those of skipped columns left out."""
    out = []
    for cell in grid.table.rows[row][: len(grid.columns)]:
        if cell.col in skipped or cell.origin is not None or not cell.text.strip():
            continue
        number = grid.quantities.get((row, cell.col))
        if number is None and is_blank(cell.text[:MAX_TEXT]) and not _named_nothing(cell):
            continue
        out.append(Token(cell.col, _clean(cell.text), number))
    return out


def _named_nothing(cell: Cell) -> bool:
    """无 in the label column of an empty table is a label, a dash is a blank."""
    return cell.text.strip() == "无"


def _clean(text: str) -> str:
    spaced = _SPACED_CODE.match(text[:MAX_TEXT])
    if spaced:
        text = "".join(filter(None, spaced.groups())) + text[spaced.end() :]
    return normalise(text[:MAX_TEXT]).text.replace("\u2423", "")


def is_line_row(tokens: Sequence[Token]) -> bool:
    """栏次 1 2 3 …, or the numbers alone."""
    if tokens and _LINE_LABEL.match(tokens[0].text):
        return True
    numbers = [t for t in tokens if t.whole and t.number is not None]
    return (
        len(numbers) >= 3
        and len(numbers) == len(tokens)
        and [t.text for t in numbers] == [str(i) for i in range(1, len(numbers) + 1)]
    )


def item_entries(grid: Grid, skipped: frozenset[int] = frozenset()) -> list[Entry]:
    """One entry per body row of a table with one item per row. A code part alone inherits the levels above it."""
    entries: list[Entry] = []
    above = _Above("", 0)
    waiting = ""
    for row in range(grid.header, len(grid.table.rows)):
        tokens = tokens_of(grid, row, skipped)
        if not tokens or is_line_row(tokens):
            continue
        code, rest = _leading_code(tokens, above)
        label = list(takewhile(lambda t: t.number is None, rest))
        cells = tuple(t.col for t in rest[len(label) :] if t.number is not None)
        name = "".join(t.text for t in label)
        if code and tokens[0].text.startswith(code[:3]):
            above = _Above(code, tokens[0].col)
        elif code:
            above = _Above(code, above.col)
        if code and not name and not cells:
            waiting = code  # flattened pages print a wrapped row's code on a line of its own
            continue
        if waiting and not code and name and cells:
            code = waiting
        waiting = ""
        if name or code:
            entries.append(Entry(row, tokens[0].col, code, name, cells))
    return entries


@dataclass(frozen=True, slots=True)
class _Above:
    """The last complete code and the column where its first part stands."""

    code: str
    col: int


def _leading_code(tokens: Sequence[Token], above: _Above) -> tuple[str, Sequence[Token]]:
    """(code, tokens after it): 2080505 | 208 05 05 | 05 below 208 | 2080505机关事业…; "" for a row without code."""
    first = tokens[0]
    m = _CODE.match(first.text)
    if m is None:
        return _partial_code(tokens, above)
    code, name = m["code"], m["name"]
    if name:
        return code, [Token(first.col, name, None), *tokens[1:]]
    parts = [t.text.zfill(2) for t in takewhile(lambda t: t.whole and _PART.match(t.text) is not None, tokens[1:3])]
    named = len(tokens) > 1 + len(parts) and tokens[1 + len(parts)].number is None
    if parts and len(code) == 3 and named:
        return code + "".join(parts), tokens[1 + len(parts) :]
    if len(code) == 3 and len(tokens) > 1 and tokens[1].whole:
        return "", tokens  # three digits before another whole number, and no name: no code
    return code, tokens[1:]


def _partial_code(tokens: Sequence[Token], above: _Above) -> tuple[str, Sequence[Token]]:
    """Levels printed once: 208 | | , then | 05 | , then | | 05. The column tells the level."""
    parts = [t.text.zfill(2) for t in takewhile(lambda t: t.whole and _PART.match(t.text) is not None, tokens[:2])]
    named = len(tokens) > len(parts) and tokens[len(parts)].number is None
    level = tokens[0].col - above.col
    if not parts or not named or not 1 <= level <= 2 or len(above.code) < 1 + 2 * level:
        return "", tokens
    return above.code[: 1 + 2 * level] + "".join(parts), tokens[len(parts) :]


def group_entries(grid: Grid, skipped: frozenset[int] = frozenset()) -> Iterator[Entry]:
    """Every code–name–amount and name–amount group of every row, for tables with groups side by side (table 06)."""
    waiting = ""
    for row in range(grid.header, len(grid.table.rows)):
        tokens = tokens_of(grid, row, skipped)
        if not tokens or is_line_row(tokens):
            continue
        alone = _CODE.match(tokens[0].text) if len(tokens) == 1 else None
        if alone and not alone["name"]:
            waiting = alone["code"]  # flattened pages print a wrapped row's code on a line of its own
            continue
        for entry in _groups(row, tokens):
            if waiting and not entry.code and entry.cells:
                entry = replace(entry, code=waiting)
                waiting = ""
            yield entry


def _groups(row: int, tokens: Sequence[Token]) -> Iterator[Entry]:
    code, label, col = "", "", tokens[0].col
    cells: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        found, used = _economic_code(tokens, at, bool(cells), bool(label))
        if found:
            if code or label:
                yield Entry(row, col, code, label, tuple(cells))
            code, label, cells, col = found, "", [], token.col
            m = _CODE.match(token.text)
            label = m["name"] if m and used == 1 else ""
            at += used
            continue
        if token.number is None:
            if cells:
                yield Entry(row, col, code, label, tuple(cells))
                code, label, cells, col = "", "", [], token.col
            label += token.text
        else:
            cells.append(token.col)
        at += 1
    if code or label:
        yield Entry(row, col, code, label, tuple(cells))


def _economic_code(tokens: Sequence[Token], at: int, after_amount: bool, after_label: bool) -> tuple[str, int]:
    """(code, tokens used) where a 经济分类 code begins, else ("", 0). An amount of three digits is no code."""
    token = tokens[at]
    m = _CODE.match(token.text)
    if m is None or m["code"][0] not in "35" or len(m["code"]) > 5:
        return "", 0
    if m["name"]:
        return m["code"], 1
    if not token.whole:
        return "", 0
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return "", 0
    part = len(m["code"]) == 3 and following.whole and len(following.text) == 2 and at + 2 < len(tokens)
    if part and tokens[at + 2].number is None:
        return m["code"] + following.text, 2
    if following.number is None:
        return (
            ("", 0)
            if after_label and not after_amount and at and tokens[at - 1].number is None and _amount_like(tokens, at)
            else (m["code"], 1)
        )
    if len(m["code"]) == 5 and (at == 0 or after_amount or not after_label):
        return m["code"], 1
    return "", 0


def _amount_like(tokens: Sequence[Token], at: int) -> bool:
    """301 between two names is an amount where the groups have no codes: no earlier token of the row is a code."""
    return not any(_CODE.match(t.text) and t.whole for t in tokens[:at])


def sided_entries(
    grid: Grid, starts: Sequence[int], opens: Callable[[str], bool], skipped: frozenset[int] = frozenset()
) -> Iterator[tuple[int, Entry]]:
    """(half, entry) of every label with its amounts in a two-sided table. `starts` are the label columns of the halves.

    Without known label columns the first label of a row is the left half, the second the right one; -1 for one alone.
    `opens` tells of a text that it begins a label of its own, where a blank amount between two labels was lost.
    """
    for row in range(grid.header, len(grid.table.rows)):
        tokens = tokens_of(grid, row, skipped)
        if not tokens or is_line_row(tokens):
            continue
        pieces = [e for e in _pieces(row, tokens, starts, opens) if e.label]
        for i, entry in enumerate(pieces):
            if starts:
                half = max((k for k, col in enumerate(starts) if col <= entry.col), default=0)
            else:
                half = i if len(pieces) > 1 else -1
            yield half, entry


def _pieces(row: int, tokens: Sequence[Token], starts: Sequence[int], opens: Callable[[str], bool]) -> Iterator[Entry]:
    label, col = "", -1
    cells: list[int] = []
    for token in tokens:
        if token.number is None:
            fresh = bool(cells) or any(col < s <= token.col for s in starts) or (not starts and opens(token.text))
            if fresh and label:
                yield Entry(row, col, "", label, tuple(cells))
                label, cells, col = "", [], -1
            col = token.col if col < 0 else col
            label += token.text
        elif label and not any(col < s <= token.col for s in starts):
            cells.append(token.col)
    if label:
        yield Entry(row, col, "", label, tuple(cells))
