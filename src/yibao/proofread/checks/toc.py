"""目录: every entry of the table of contents stands in the text, in this order, with this number and these words (T14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from yibao.proofread.checks.contents import (
    LONGEST_ENTRY,
    LONGEST_REST,
    Contents,
    Line,
    find_contents,
    key_of,
    lines_of,
    mark_of,
)
from yibao.proofread.checks.passages import Passage
from yibao.proofread.document import Paragraph
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.norm import normalise
from yibao.proofread.reading import FileReading, Reading

LEAST_ENTRIES = 3
MAX_BODY = 4_000  #: lines of the text that are compared with an entry
ALIKE = 0.7  #: likeness from which two titles are versions of one
RELATED = 0.4  #: likeness from which a heading with the entry's number is the same heading in other words
LONGER = 3  #: how many times longer than an entry a heading with its words may be
_FILLER = re.compile(r"关于|部门|单位|本级|情况|说明|年度|(?:20\d{2})年?|的|级")


@dataclass(frozen=True)
class Body:
    """The lines of the text that may be headings, with the words that carry their meaning."""

    lines: tuple[Line, ...]  #: in order
    joined: tuple[Line, ...]  #: what two lines that were torn apart say together
    bureau: str

    def loose(self, key: str) -> str:
        """Without the unit's name, the year and the filler of titles."""
        key = key.replace("医疗保障局", "医保局")
        for i in range(max(1, len(self.bureau) - 2)):
            name = self.bureau[i:]
            if len(name) >= 3 and name in key:
                key = key.replace(name, "")
                break
        return _FILLER.sub("", key)


def run(reading: Reading) -> Iterator[Check]:
    """Each entry of the contents against the headings and table titles behind them."""
    for file in reading.files:
        contents = find_contents(file)
        if contents is not None and len(contents.entries) >= LEAST_ENTRIES:
            yield from _compared(_body(file, contents.end), contents)


def _body(file: FileReading, start: int) -> Body:
    found: list[Line] = []
    for i in range(start, len(file.source.blocks)):
        block = file.source.blocks[i]
        if isinstance(block, Paragraph):
            found.extend(_short_lines(file, i))
        elif block.caption:
            passage = Passage(file, i, normalise(block.caption), file.place(i))
            found.append(Line(key_of(passage.text), None, passage.cite(0, len(passage.text)), i))
        if len(found) >= MAX_BODY:
            break
    joined = (both for a, b in pairwise(found) if (both := _joined(a, b)) is not None)
    return Body(tuple(found), tuple(joined), file.profile.bureau.replace("医疗保障局", "医保局"))


def _short_lines(file: FileReading, i: int) -> Iterator[Line]:
    """A paragraph as a heading: whole, up to its first stop or bracket, and line by line."""
    norm = file.norms[i]
    passage = Passage(file, i, norm, file.place(i))
    mark = mark_of(norm.text)
    begins = mark.end if mark else 0
    stops = {_first(norm.text, marks, begins) for marks in ("。：；", "。：；（")}
    for stop in sorted(stops, reverse=True):
        if 1 < stop <= LONGEST_ENTRY:
            yield Line(key_of(norm.text[begins:stop]), mark, passage.cite(0, stop), i)
    if "\n" in norm.raw:
        yield from (line for line, _ in lines_of(file, i) if len(line.key) <= LONGEST_ENTRY)


def _first(text: str, marks: str, start: int) -> int:
    return min((k for mark in marks if (k := text.find(mark, start)) > 0), default=len(text))


def _joined(line: Line, following: Line) -> Line | None:
    """第一部分 | 概况, and a long title with its last words on the next line."""
    if line.mark is None or following.mark is not None or line.order == following.order:
        return None
    if line.key and len(following.key) > LONGEST_REST:
        return None
    return Line(line.key + following.key, line.mark, line.evidence if line.key else following.evidence, line.order)


def _compared(body: Body, contents: Contents) -> Iterator[Check]:
    entries = contents.entries
    everything = body.lines + body.joined
    taken = {e.key for e in entries}
    free = [(line, body.loose(line.key)) for line in everything if line.key not in taken]
    part: Line | None = None
    for k, entry in enumerate(entries):
        part = entry if entry.mark and entry.mark.style == "part" else part
        words = body.loose(entry.key)
        same = [line for line in everything if line.key == entry.key]
        numbered = _at_its_number(entry, part, body)
        if same and (numbered is None or not _elsewhere(entry, same)):
            yield _found(entry, same, part is not None)
        elif numbered is not None and not _means_the_same(entry, words, numbered, body.loose(numbered.key)):
            yield _other_words(entry, numbered)
        elif same or any(_means_the_same(entry, words, line, loose) for line, loose in free):
            yield _check(entry, Verdict.CONSISTENT, f"目录“{entry.printed}”在正文中有对应标题")
        elif not _has_parts(entries, k):
            yield _missing(entry, words, free)
    yield from _order(entries, everything)


def _at_its_number(entry: Line, part: Line | None, body: Body) -> Line | None:
    """The heading of the text with the entry's own number, in the same 第…部分."""
    if entry.mark is None or part is None or entry is part or part.mark is None:
        return None
    inside = False
    for line in body.lines:
        if line.mark is None:
            continue
        if line.mark.style == "part":
            inside = line.mark.number == part.mark.number
        elif inside and _same_number(entry, line):
            return line if SequenceMatcher(None, entry.key, line.key).ratio() >= RELATED else None
    return None


def _same_number(a: Line, b: Line) -> bool:
    return a.mark is not None and b.mark is not None and (a.mark.style, a.mark.number) == (b.mark.style, b.mark.number)


def _same_style(a: Line, b: Line) -> bool:
    return a.mark is not None and b.mark is not None and a.mark.style == b.mark.style


def _elsewhere(entry: Line, same: Sequence[Line]) -> bool:
    """The same words only stand under another kind of number: another heading."""
    return all(line.mark is not None and not _same_style(entry, line) for line in same)


def _means_the_same(entry: Line, words: str, line: Line, loose: str) -> bool:
    """Equal but for the unit's name and filler, or the same words behind a name of the text's own."""
    if not words:
        return False
    if words == loose:
        return True
    tails = ((entry.key, 4), (entry.key[2:], 6))
    return any(len(tail) >= least and line.key.endswith(tail) for tail, least in tails)


def _has_parts(entries: Sequence[Line], k: int) -> bool:
    """An entry with entries below it is a bracket around them: the text need not repeat it."""
    mine, after = entries[k].mark, entries[k + 1].mark if k + 1 < len(entries) else None
    return mine is not None and after is not None and after.style != mine.style and after.number == 1


def _found(entry: Line, places: Sequence[Line], in_parts: bool) -> Check:
    """The entry stands in the text; in a text of parts it must also carry the same number there."""
    numbered = [p for p in places if _same_style(entry, p)]
    if not in_parts or len(numbered) != 1 or _same_number(entry, numbered[0]):
        return _check(entry, Verdict.CONSISTENT, f"目录“{entry.printed}”与正文标题一致")
    label = numbered[0].mark.label if numbered[0].mark else ""
    message = f"目录“{entry.printed}”在正文中的编号为“{label}”"
    return _check(entry, Verdict.INCONSISTENT, message, label, (numbered[0].evidence,), Severity.WARNING)


def _missing(entry: Line, words: str, free: Sequence[tuple[Line, str]]) -> Check:
    """The entry is nowhere: is it worded differently, or absent?"""
    near = max(free, key=lambda each: _likeness(entry, words, *each), default=None)
    if near is not None and _likeness(entry, words, *near) >= ALIKE:
        return _other_words(entry, near[0])
    message = f"目录列有“{entry.printed}”，正文没有这个标题"
    return _check(entry, Verdict.INCONSISTENT, message, severity=Severity.WARNING)


def _other_words(entry: Line, line: Line) -> Check:
    message = f"目录为“{entry.printed}”，正文标题为“{line.printed}”，用词不一致"
    check = _check(entry, Verdict.SUSPICIOUS, message, line.printed, (line.evidence,))
    return replace(check, group=f"toc:{entry.evidence.place.file}")


def _likeness(entry: Line, words: str, line: Line, loose: str) -> float:
    """How alike two titles are, 0 to 1; a bit more with the same number, nothing with another one of its style."""
    if not words or not loose or 2 * len(set(words) & set(loose)) < len(set(words)):
        return 0.0
    same = _same_number(entry, line)
    if not same and _same_style(entry, line):
        return 0.0
    if (words in loose or loose in words) and min(len(words), len(loose)) >= 3 and len(loose) <= LONGER * len(words):
        return 1.0 if same else 0.8
    ratio = SequenceMatcher(None, words, loose).ratio()
    return ratio + 0.15 if same else ratio


def _order(entries: Sequence[Line], body: Sequence[Line]) -> Iterator[Check]:
    """Two neighbouring entries whose headings stand the other way round in the text."""
    places: dict[str, list[int]] = {}
    for line in body:
        places.setdefault(line.key, []).append(line.order)
    for a, b in pairwise(entries):
        first, second = places.get(a.key, []), places.get(b.key, [])
        if len(first) == len(second) == 1 and first[0] > second[0] and a.key != b.key:
            message = f"目录中“{a.printed}”在“{b.printed}”之前，正文次序相反"
            yield _check(b, Verdict.INCONSISTENT, message, None, (a.evidence,), Severity.WARNING)


def _check(
    entry: Line,
    verdict: Verdict,
    message: str,
    expected: str | None = None,
    related: tuple[Evidence, ...] = (),
    severity: Severity | None = None,
) -> Check:
    return Check("toc", verdict, entry.evidence, entry.printed, expected, message, related=related, severity=severity)
