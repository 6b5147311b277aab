"""Lines of prose → paragraphs. A sentence that a page break or a hard line break has torn apart becomes whole again.

Whether two lines belong together is decided by what is known: the right margin and the indent where the layout has
them, else punctuation, open brackets, a number parted from its unit, and whether the two characters that meet at the
break stand together elsewhere in the document (整|治). A heading never swallows the line below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from yibao.proofread.document import Block, Paragraph
from yibao.proofread.read.lines import (
    NEVER_FIRST,
    SPACES,
    Line,
    begins_anew,
    ends_sentence,
    heading_level,
    unbroken,
    width,
)

SHORTEST_TORN = 30  #: half columns; a shorter line without layout is a title or a label, not half a sentence
LONGEST_HEADING = 90  #: half columns
LONGEST_PARAGRAPH = 20_000  #: characters; longer runs are cut at a full stop
LEARNED = 1_000_000  #: characters from which pairs are learned
MARGIN = 8  #: half columns by which a full line may miss the right margin: characters are of many widths
NEARLY = 0.7  #: share of the right margin from which on a line without an end was broken, not ended
WINDOW = 20  #: lines that share a margin with their neighbours
SHORTEST_FULL = 36  #: half columns; a narrower text block is none
LONGEST_WRAPPED = 120  #: characters; a longer line is a whole paragraph
TORN_SHARE = 0.3
_CLAUSE = re.compile(r"[，,；;：:。]")
_PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")
_INDENT = re.compile(r"\u3000|\t| {2}")  #: one blank is what a break left behind
_AMOUNT = re.compile(r"\d[\d,，]*(?:[.．]\d+)?\s?(?:万元|亿元|元|%|％|人|家|个|分|万人)[，。；、,;）)]")
_OPENS = "，、,（(《“〈—"
_UNITS = "万亿元人年月日个家次件条项分户张%％.．"


class Prose:
    """The layout of one text, learned once: its right margin and the pairs of characters that stand together."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.text = text
        self.margins = _margins(lines)
        self.indented = sum(line.indented for line in lines)

    @cached_property
    def pairs(self) -> frozenset[str]:
        return frozenset(found[1] for found in _PAIR.finditer(self.text[:LEARNED]))

    def paragraphs(self, lines: Sequence[Line]) -> list[Block]:
        """The paragraphs of consecutive lines, in order, each a literal slice of the text."""
        blocks: list[Block] = []
        run: list[Line] = []
        apart = False
        for line in lines:
            if line.blank or not line.text.strip():
                apart = True
                continue
            if run and not self._continues(run, line, apart):
                blocks.extend(self._paragraph(run))
                run = []
            run.append(line)
            apart = False
        if run:
            blocks.extend(self._paragraph(run))
        return blocks

    def _paragraph(self, run: Sequence[Line]) -> list[Block]:
        first = run[0]
        level = heading_level(first.text.lstrip(SPACES))
        blocks: list[Block] = []
        start, end = first.start, run[-1].end
        while start < end:
            stop = end
            if end - start > LONGEST_PARAGRAPH:
                full_stop = self.text.rfind("。", start, start + LONGEST_PARAGRAPH)
                stop = full_stop + 1 if full_stop > start else start + LONGEST_PARAGRAPH
            blocks.append(Paragraph(self.text[start:stop].strip(), first.page, level, None, first.number or None))
            start = stop
        return blocks

    def _continues(self, run: Sequence[Line], after: Line, apart: bool) -> bool:
        """True if `after` goes on with the sentence of `run`. `apart`: a blank line stands between them."""
        before = run[-1]
        a, b = before.text.strip(), after.text.strip()
        if heading_level(a) or heading_level(b) or begins_anew(b) or (a.startswith("**") and a.endswith("**")):
            return False
        full = before.full if before.full is not None else self._is_full(before, b)
        if full is not None and not apart:
            return self._flows_on(run, after, full)
        return full is not False and not ends_sentence(a) and self._is_torn_prose(run, b)

    def _flows_on(self, run: Sequence[Line], after: Line, full: bool) -> bool:
        """With a known right margin: a full line goes on in the next one unless that is indented."""
        before = run[-1]
        a = before.text.strip()
        if not full:
            torn = (self._is_long(before) and not ends_sentence(a)) or self._is_torn(a, after.text.strip())
            return torn and not after.indented and not _is_heading(run)
        if after.indented or (
            before.full is None and _INDENT.match(after.text) and not self._is_torn(a, after.text.strip())
        ):
            return False
        return not ends_sentence(a) or self._indents

    def _is_full(self, line: Line, below: str) -> bool | None:
        margin = self.margins.get(line.number // WINDOW)
        return None if margin is None else width(line.text) + unbroken(below) >= margin - MARGIN

    def _is_long(self, line: Line) -> bool:
        """Nearly full: what came next did not fit, a long number or a name in Latin letters."""
        margin = self.margins.get(line.number // WINDOW)
        return margin is not None and width(line.text) >= margin * NEARLY

    @cached_property
    def _indents(self) -> bool:
        """Paragraphs of this text begin with an indent: without one, a line goes on even after a full stop."""
        return self.indented >= 3 or (
            bool(self.margins) and self.text.count("\n\u3000\u3000") + self.text.count("\n    ") >= 3
        )

    def _is_torn_prose(self, run: Sequence[Line], b: str) -> bool:
        """Without a known margin: half a sentence before, the other half after."""
        a = run[-1].text.strip()
        if len(run) == 1 and width(a) < SHORTEST_TORN:
            return False
        listing = a[-1000:].count("、") >= 2  # "…内设科室 6 个，分别是办公室、规划财务科、人事教 | 育科。"
        clauses = len(_CLAUSE.findall(a[-1000:])) + (len(run) > 1) + listing
        torn = self._is_torn(a, b)
        goes_on = ends_sentence(b) or _CLAUSE.search(b[:1000]) or torn or (listing and "、" in b[:1000])
        if not (clauses or _open_bracket(a)) or not goes_on:
            return False
        return torn or (clauses >= 2 and not _is_heading(run))

    def _is_torn(self, a: str, b: str) -> bool:
        """The break goes through something that belongs together."""
        last, first = a[-1], b[0]
        if last in _OPENS or first in NEVER_FIRST:
            return True
        if last.isdigit() and (first.isdigit() or first in _UNITS):
            return True
        if "\u4e00" <= last <= "\u9fff" and _AMOUNT.match(b):
            return True  # "…其中：基本支出 | 5359073.00元": an amount begins no paragraph
        return _open_bracket(a) or last + first in self.pairs


def _open_bracket(text: str) -> bool:
    tail = text[-80:]
    return any(tail.rfind(opening) > tail.rfind(closing) for opening, closing in ("（）", "《》", "“”"))


def _is_heading(run: Sequence[Line]) -> bool:
    """A numbered line without a full stop, not too long for a heading; no bold lead with text behind it."""
    text = run[0].text.strip()
    led = text.startswith("**") and not text.endswith("**")
    return len(run) == 1 and begins_anew(text) and width(text) <= LONGEST_HEADING and "。" not in text and not led


def _margins(lines: Sequence[Line]) -> dict[int, int]:
    """The right margin of a hard-wrapped text, in half columns, for every `WINDOW` lines; {} for a text that is not.

    Hard-wrapped: at least `TORN_SHARE` of the long lines with a line right below them end in the middle of a sentence.
    The margin is the longest line around; pages of one document may differ in width.
    """
    torn, whole = 0, 0
    widest: dict[int, int] = {}
    for here, below in pairwise(lines):
        wide = width(here.text) if len(here.text) <= LONGEST_WRAPPED else 0
        if wide < SHORTEST_FULL or "\t" in here.text or "|" in here.text or here.full is not None:
            whole += len(here.text) > LONGEST_WRAPPED
            continue
        if not ends_sentence(here.text) and not below.blank and not begins_anew(below.text):
            torn += 1
        else:
            whole += 1
        for window in range(here.number // WINDOW - 1, here.number // WINDOW + 2):
            widest[window] = max(widest.get(window, 0), wide)
    return widest if torn >= 5 and torn >= TORN_SHARE * (torn + whole) else {}
