"""Where the table of contents stands, and its entries: lines with a number and words, dots and page numbers left out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yibao.proofread.checks.passages import Passage
from yibao.proofread.document import Paragraph
from yibao.proofread.findings import Evidence
from yibao.proofread.norm import normalise
from yibao.proofread.outline import Mark, read_mark
from yibao.proofread.reading import FileReading

MAX_ENTRIES = 150
TAIL_CHARS = 200  #: characters at the end of a line in which dots and a page number may stand
LONGEST_ENTRY = 70  #: characters of an entry or a heading
LONGEST_REST = 8  #: characters of the second line of a torn title
SHORTEST_TORN = 14  #: characters of its first line
SEARCHED = 60  #: paragraphs of the beginning where contents may start
_TITLE = re.compile(r"(?:目录|目次|contents|CONTENTS)")
_TAIL = re.compile(
    r"(?:[\s.…·．•]{2,}|\t|\u3000|[.…·]+\s?|\s)[-—（(]?\d{1,3}[-—）)]?\s*$|[\s.…·．•]{3,}$|\s*PAGEREF\S*.*$"
)
_NOISE = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Line:
    """A short line: an entry of the contents, or what may be a heading in the text."""

    key: str  #: the words alone, without number, blanks and punctuation
    mark: Mark | None
    evidence: Evidence
    order: int  #: the block it stands in

    @property
    def printed(self) -> str:
        return (self.mark.label if self.mark else "") + self.key


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of one file: its entries, and the blocks from `start` to before `end`."""

    start: int
    end: int
    entries: tuple[Line, ...]

    def covers(self, block: int) -> bool:
        return self.start <= block < self.end


def find_contents(file: FileReading) -> Contents | None:
    """The table of contents, from the line 目录 to where the text begins; None where there is none."""
    for i, block in enumerate(file.source.blocks[:SEARCHED]):
        if not isinstance(block, Paragraph) or not _TITLE.match(file.norms[i].text):
            continue
        if _TITLE.fullmatch(file.norms[i].text) or "\n" in block.raw:
            return _read(file, i)
    return None


def key_of(text: str) -> str:
    """The words of a normalised title without blanks and punctuation."""
    return _NOISE.sub("", text)


def mark_of(text: str) -> Mark | None:
    """The number of a line; "附件" is a title of its own here."""
    mark = read_mark(text)
    return None if mark is None or mark.style == "annex" else mark


def _read(file: FileReading, start: int) -> Contents | None:
    entries: list[Line] = []
    tailed = 0
    end = start
    for i in range(start, len(file.source.blocks)):
        if not isinstance(file.source.blocks[i], Paragraph) or len(entries) >= MAX_ENTRIES:
            break
        lines = [line for line in lines_of(file, i) if not _TITLE.fullmatch(line[0].key)]
        if lines and _text_begins(lines, entries, tailed):
            break
        for line, tail in lines:
            if _is_rest(line, entries):
                entries[-1] = replace(entries[-1], key=entries[-1].key + line.key)
            else:
                entries.append(line)
            tailed += tail
        end = i + 1
    entries = _before_restart(entries)
    if not entries:
        return None
    return Contents(start, min(end, entries[-1].order + 1), tuple(entries))


def _is_rest(line: Line, entries: Sequence[Line]) -> bool:
    """The last words of a title that did not fit on its line."""
    if not entries or line.mark is not None:
        return False
    return len(line.key) <= LONGEST_REST and len(entries[-1].key) >= SHORTEST_TORN


def lines_of(file: FileReading, i: int) -> list[tuple[Line, bool]]:
    """The lines of a paragraph; True for one that ends in dots or a page number."""
    norm = file.norms[i]
    passage = Passage(file, i, norm, file.place(i))
    found: list[tuple[Line, bool]] = []
    start = 0
    for raw in norm.raw.split("\n"):
        bare = _without_tail(raw.rstrip())
        a, b = bisect_left(norm.pos, start), bisect_left(norm.pos, start + len(bare))
        if b > a:
            text = normalise(bare).text
            mark = mark_of(text)
            key = key_of(text[mark.end :] if mark else text)
            found.append((Line(key, mark, passage.cite(a, b), i), bare != raw.rstrip()))
        start += len(raw) + 1
    return found


def _without_tail(raw: str) -> str:
    """The line without dots and page number; only its end is looked at, however long it is."""
    return raw[:-TAIL_CHARS] + _TAIL.sub("", raw[-TAIL_CHARS:])


def _text_begins(lines: Sequence[tuple[Line, bool]], entries: Sequence[Line], tailed: int) -> bool:
    line, tail = lines[0]
    if any(len(found.key) > LONGEST_ENTRY or "。" in found.evidence.quote for found, _ in lines):
        return True
    if len(entries) < 2:
        return False
    first = entries[0]
    if line.printed == first.printed or (line.mark is None and line.key == first.key):
        return True
    if tail:
        return False
    if tailed * 2 > len(entries):
        return True
    return line.mark is None and len(line.key) > LONGEST_REST and all(e.mark is not None for e in entries)


def _before_restart(entries: list[Line]) -> list[Line]:
    """Entries up to where the outermost numbering begins again at one: that is the text already."""
    if not entries or entries[0].mark is None:
        return entries
    outer = entries[0].mark.style
    for i, entry in enumerate(entries[1:], 1):
        if entry.mark is not None and entry.mark.style == outer and entry.mark.number == 1:
            return entries[:i]
    return entries
