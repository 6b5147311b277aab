"""Word comments on a copy of the document, each anchored at the very characters a finding quotes.

A comment can only begin and end between runs, so runs are divided where a quote begins or ends; the halves keep their
formatting and the text stays the same. The original file is only read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from yibao.errors import UserError
from yibao.proofread.document import Package, Paragraph, Source, Table
from yibao.proofread.findings import Evidence, Finding, Report
from yibao.proofread.kinds import kind_name
from yibao.proofread.report.locate import Finder, Spot, find_squeezed, squeeze, text_at
from yibao.proofread.report.words import (
    SEVERITY_NAME,
    excerpt,
    expected_label,
    expected_words,
    file_name,
    ordered,
    place_words,
    printable,
)

if TYPE_CHECKING:
    from docx.document import Document

AUTHOR, INITIALS = "医保校对", "校"
MAX_RELATED = 30
_P, _R, _T, _TC, _RPR = qn("w:p"), qn("w:r"), qn("w:t"), qn("w:tc"), qn("w:rPr")
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def annotate(path: Path, reports: Sequence[Report], out: Path, source: Source | None = None) -> int:
    """Write a copy of the .docx at `path` with a comment per finding and a short one per related place.

    `source` is the file as read, if the caller has it. Returns how many comments were written. Raises UserError if
    the file is no .docx, or `out` is the file itself or cannot be written.
    """
    refuse_target(path, out)
    if source is None:
        from yibao.proofread.read import read_file

        source = read_file(path)
    document = docx.Document(str(path))
    comments = _Comments(document, source)
    for report in reports:
        if len(reports) == 1 or file_name(report.path) == path.name:
            comments.add_report(report)
    content = io.BytesIO()
    document.save(content)
    try:
        out.write_bytes(content.getvalue())
    except OSError as error:
        raise UserError(
            f"无法写入批注文件“{out}”：可能正在 Word 中打开，或没有写入权限。请关闭后再试，或换一个位置。"
        ) from error
    return comments.written


def refuse_target(path: Path, out: Path) -> None:
    """Raise UserError where the comments cannot go: also worth asking before the work starts."""
    if path.suffix.lower() != ".docx":
        raise UserError(f"“{path.name}”不是 .docx 文件，不能加批注。请先在 Word 或 WPS 中另存为 .docx。")
    if out.suffix.lower() != ".docx":
        raise UserError(f"批注文件“{out.name}”的名称应以 .docx 结尾。")
    if out.resolve() == path.resolve() or (out.exists() and path.exists() and out.samefile(path)):
        raise UserError(f"批注不能写回原文件“{path.name}”，原文件不会改动。请换一个文件名。")
    if not out.resolve().parent.is_dir():
        raise UserError(f"文件夹“{out.parent}”不存在，批注文件没有写出。请先建立文件夹。")


class _Comments:
    """Writes comments into one open document."""

    def __init__(self, document: Document, source: Source) -> None:
        self.written = 0
        self._document = document
        self._source = source
        self._finder = Finder(Package((source,)))
        self._paragraphs: list[Any] = list(document.element.body.iter(_P))

    def add_report(self, report: Report) -> None:
        for number, finding in enumerate(ordered(report.findings), start=1):
            for evidence in self._here([finding.evidence]):
                self._add(evidence, _comment(number, finding, report.path))
            for evidence in self._here(finding.related)[:MAX_RELATED]:
                self._add(
                    evidence, f"相关：见第{number}条【{SEVERITY_NAME[finding.severity]}】{kind_name(finding.kind)}。"
                )

    def _here(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The places that stand in this file."""
        return [e for e in evidence if file_name(e.place.file) == file_name(self._source.path)]

    def _add(self, evidence: Evidence, text: str) -> None:
        runs = self._runs(evidence)
        if runs is None:
            runs = whole(self._paragraphs[0]) if self._paragraphs else None
            text = f"（未能定位到原文：{excerpt(evidence.quote)}）\n{text}"
        if runs is None:
            return
        first, last = (Run(run, WordParagraph(run, self._document._body)) for run in runs)
        self._document.add_comment([first, last], text=text, author=AUTHOR, initials=INITIALS)
        self.written += 1

    def _runs(self, evidence: Evidence) -> tuple[Any, Any] | None:
        """First and last run of the quote; of its whole paragraph or cell where it is not literally there."""
        spot = self._finder.find(evidence)
        if spot is None:
            return self._search(evidence.quote)
        paragraphs = self._at(spot)
        text = text_at(self._source.blocks[spot.block], spot)
        quote = squeeze(text[spot.start : spot.end] if spot.start is not None else "")
        for paragraph in paragraphs:
            if runs := between(paragraph, quote, spot.start or 0):
                return runs
        if spot.line is not None and (runs := self._search(quote)):
            return runs
        filled = next((p for p in paragraphs if paragraph_text(p).strip()), paragraphs[0] if paragraphs else None)
        return self._search(evidence.quote) if filled is None else whole(filled)

    def _at(self, spot: Spot) -> list[Any]:
        """The w:p elements of a block: one, or all of a cell."""
        anchor = _anchor(self._source, spot)
        if anchor is None or not 0 <= anchor < len(self._paragraphs):
            return []
        first = self._paragraphs[anchor]
        parent = first.getparent()
        inside = isinstance(self._source.blocks[spot.block], Table) and parent.tag == _TC
        return [p for p in parent if p.tag == _P] if inside else [first]

    def _search(self, quote: str) -> tuple[Any, Any] | None:
        found = (between(paragraph, squeeze(quote)) for paragraph in self._paragraphs)
        return next((runs for runs in found if runs), None)


def _anchor(source: Source, spot: Spot) -> int | None:
    block = source.blocks[spot.block]
    if isinstance(block, Paragraph):
        return block.anchor
    row = block.rows[spot.row] if spot.row is not None else (block.rows[0] if block.rows else ())
    if spot.col is not None:
        return row[spot.col].anchor
    return next((cell.anchor for cell in row if cell.anchor is not None and (cell.text or spot.row is None)), None)


def _title(number: int, finding: Finding) -> str:
    return f"第{number}条【{SEVERITY_NAME[finding.severity]}】{kind_name(finding.kind)}"


def _comment(number: int, finding: Finding, path: str) -> str:
    lines = [
        _title(number, finding),
        printable(finding.message),
        f"{expected_label(finding)}：{expected}" if (expected := expected_words(finding)) else "",
        f"可能原因：{printable(finding.cause)}" if finding.cause else "",
    ]
    for evidence in finding.related[:6]:
        where = place_words(evidence.place, file=evidence.place.file != path, near=finding.evidence.place)
        lines.append(f"相关：「{excerpt(evidence.quote, limit=60)}」（{where}）")
    if len(finding.related) > 6:
        lines.append(f"相关：另有{len(finding.related) - 6}处")
    return "\n".join(line for line in lines if line)


def paragraph_text(paragraph: Any) -> str:
    """The characters of a w:p as they stand in its runs."""
    return "".join(text for _, _, text in _atoms(paragraph))


def whole(paragraph: Any) -> tuple[Any, Any]:
    """First and last run of a w:p; an empty paragraph gets an empty run to hold the comment."""
    runs = [run for run, _, _ in _atoms(paragraph)]
    if not runs:
        runs = [OxmlElement("w:r")]
        paragraph.append(runs[0])
    return runs[0], runs[-1]


def between(paragraph: Any, quote: str, near: int = 0) -> tuple[Any, Any] | None:
    """First and last run of a squeezed quote in a w:p, runs divided where it begins and ends; None if not there.

    Of a quote that stands there several times, the one that begins nearest to character `near`.
    """
    span = find_squeezed(paragraph_text(paragraph), quote, near)
    if span is None:
        return None
    for offset in span:
        _divide(paragraph, offset)
    runs, at = [], 0
    for run, _, text in _atoms(paragraph):
        if text and span[0] <= at < span[1]:
            runs.append(run)
        at += len(text)
    return runs[0], runs[-1]


def _atoms(paragraph: Any) -> Iterator[tuple[Any, Any, str]]:
    """(run, child, its characters) of the runs that belong to this paragraph, not to a text box inside it."""
    for run in paragraph.iter(_R):
        if next(run.iterancestors(_P), None) is paragraph:
            for child in run:
                if child.tag == _T:
                    yield run, child, child.text or ""
                elif child.tag in _SIGNS:
                    yield run, child, _SIGNS[child.tag]


def _divide(paragraph: Any, offset: int) -> None:
    """Make `offset` a boundary between two runs."""
    at = 0
    for run, child, text in _atoms(paragraph):
        if at <= offset < at + len(text):
            _divide_run(run, child, offset - at)
            return
        at += len(text)


def _divide_run(run: Any, child: Any, cut: int) -> None:
    """Move `child` from character `cut` on, and all that follows it, into a new run of the same formatting."""
    children = [c for c in run if c.tag != _RPR]
    if cut == 0 and children and children[0] is child:
        return
    later = OxmlElement("w:r")
    if (formatting := run.find(_RPR)) is not None:
        later.append(deepcopy(formatting))
    moved = children[children.index(child) + (1 if cut else 0) :]
    if cut:
        later.append(_text(child.text[cut:]))
        child.text = child.text[:cut]
        _keep_blanks(child)
    for element in moved:
        later.append(element)
    run.addnext(later)


def _text(characters: str) -> Any:
    element: Any = OxmlElement("w:t")
    element.text = characters
    _keep_blanks(element)
    return element


def _keep_blanks(element: Any) -> None:
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
