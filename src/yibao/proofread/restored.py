"""A package as it was printed, and the way back from what is said of it to the file's own characters (ADR 0009).

All other checks run on the printed figures, so that an altered one is told once and not again by every sum it breaks. What
they say of a restored place is then quoted as the file has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from yibao.proofread.altered import Altered
from yibao.proofread.document import Block, Paragraph, Place, Source
from yibao.proofread.findings import Check, Evidence, Finding, Operand
from yibao.proofread.read.lines import bare

AS_PRINTED = "（按印出时的数核对）"

Edit = tuple[int, int, int, int]  #: start and end in the restored text, start and end in the file's own


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the file and what was printed there."""

    real: str
    printed: str
    edits: tuple[Edit, ...] = ()

    def literal(self, start: int, end: int) -> tuple[int, int]:
        """The span of the file's own text for a span of the printed one."""
        return self._back(start, first=True), self._back(end, first=False)

    def _back(self, at: int, *, first: bool) -> int:
        shift = 0
        for start, end, real_start, real_end in self.edits:
            if at <= start:
                break
            if at < end:
                return real_start if first else real_end
            shift = real_end - end
        return at + shift


@dataclass(frozen=True)
class Restored:
    """One file: its source as printed, and its altered texts by (block, row, column)."""

    real: Source
    source: Source
    texts: Mapping[tuple[int, int | None, int | None], Text]

    def evidence(self, e: Evidence) -> Evidence:
        """The evidence as the file has it."""
        place = e.place
        if place.file != self.real.path or not 0 <= place.block < len(self.real.blocks):
            return e
        if (text := self.texts.get((place.block, place.row, place.column))) is not None:
            span = _found(text.printed, e.quote, place)
            start, end = text.literal(*span) if span is not None else (0, 0)
            if start < end:
                at = replace(place, start=start, end=end) if place.start is not None else place
                return Evidence(text.real[start:end], at)
        return replace(e, quote=self._row(e.quote, place))

    def _row(self, quote: str, place: Place) -> str:
        """A quote of a whole row, of a paragraph that was not found literally, or of one that did not change."""
        real, printed = self.real.blocks[place.block], self.source.blocks[place.block]
        if isinstance(real, Paragraph) or isinstance(printed, Paragraph):
            return quote if (place.block, None, None) not in self.texts else _whole(real)
        rows = range(len(real.rows)) if place.row is None else (place.row,)
        for row in rows:
            if row < len(real.rows) and quote == printed.quote(row):
                return real.quote(row)
        if place.row is not None and any(key[:2] == (place.block, place.row) for key in self.texts):
            return quote if quote in real.quote(place.row) else real.quote(place.row)
        return real.caption if quote == printed.caption else quote


def _whole(block: Block) -> str:
    return block.raw if isinstance(block, Paragraph) else block.caption


def _found(text: str, quote: str, place: Place) -> tuple[int, int] | None:
    """Where the quote stands in its text: around the offsets of the place, where it has any."""
    near = place.start or 0
    at = text.rfind(quote, 0, near + len(quote))
    at = at if at >= 0 else text.find(quote)
    return (at, at + len(quote)) if at >= 0 and quote else None


def restored(source: Source, altered: Sequence[Altered]) -> Restored:
    """The file with the recorded figures at the altered places."""
    by_text: dict[tuple[int, int | None, int | None], list[Altered]] = defaultdict(list)
    for a in altered:
        if a.filled_in:
            continue
        by_text[a.block, a.row, a.column].append(a)
    texts = {key: _text(source, key, edits) for key, edits in by_text.items()}
    lines = {bare(t.real): bare(t.printed) for (_, row, _), t in texts.items() if row is None}
    blocks = tuple(_block(block, number, texts, lines) for number, block in enumerate(source.blocks))
    return Restored(source, replace(source, blocks=blocks), texts)


def _text(source: Source, key: tuple[int, int | None, int | None], altered: Iterable[Altered]) -> Text:
    number, row, column = key
    block = source.blocks[number]
    real = block.raw if isinstance(block, Paragraph) else block.text(row or 0, column or 0)
    out, edits, at = "", [], 0
    for a in sorted(altered, key=lambda a: a.start):
        out += real[at : a.start]
        edits.append((len(out), len(out) + len(a.expected), a.start, a.end))
        out += a.expected
        at = a.end
    return Text(real, out + real[at:], tuple(edits))


def _block(
    block: Block, number: int, texts: Mapping[tuple[int, int | None, int | None], Text], lines: Mapping[str, str]
) -> Block:
    if isinstance(block, Paragraph):
        text = texts.get((number, None, None))
        return replace(block, raw=text.printed) if text else block
    here = {(row, column): text for (n, row, column), text in texts.items() if n == number}
    rows = tuple(
        tuple(replace(cell, text=here[r, c].printed) if (r, c) in here else cell for c, cell in enumerate(row))
        for r, row in enumerate(block.rows)
    ) if here else block.rows  # fmt: skip
    caption, notes = lines.get(block.caption, block.caption), tuple(lines.get(n, n) for n in block.notes)
    return replace(block, rows=rows, caption=caption, notes=notes)


def literal_check(check: Check, files: Mapping[str, Restored]) -> Check:
    """A check of the printed package, its quotes those of the file."""
    return replace(
        check,
        evidence=_literal(check.evidence, files),
        related=tuple(_literal(e, files) for e in check.related),
        target=_operand(check.target, files) if check.target else None,
        operands=tuple(_operand(o, files) for o in check.operands),
    )


def literal_finding(finding: Finding, files: Mapping[str, Restored]) -> Finding:
    """Likewise; where the quote shows an altered figure, the sentence says that it speaks of the printed one."""
    evidence = _literal(finding.evidence, files)
    told = finding.message if evidence.quote == finding.evidence.quote else finding.message + AS_PRINTED
    related = tuple(_literal(e, files) for e in finding.related)
    return replace(finding, evidence=evidence, related=related, message=told)


def _operand(operand: Operand, files: Mapping[str, Restored]) -> Operand:
    return replace(operand, evidence=_literal(operand.evidence, files))


def _literal(e: Evidence, files: Mapping[str, Restored]) -> Evidence:
    found = files.get(e.place.file)
    return e if found is None else found.evidence(e)
