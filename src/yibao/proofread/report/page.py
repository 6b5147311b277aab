"""One self-contained HTML page: the documents with the findings marked in place, and the list of findings beside them.

The page loads nothing, and its content policy allows only the style and the script that are written into it (by their
hashes): a document that carries markup can neither run nor fetch anything. All text goes through Jinja's autoescape.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from yibao import __version__
from yibao.proofread.document import Package, Paragraph, Source, Table
from yibao.proofread.findings import Check, Evidence, Finding, Report, Verdict
from yibao.proofread.kinds import kind_name, load_kinds
from yibao.proofread.norm import normalise
from yibao.proofread.outline import read_outline
from yibao.proofread.report.locate import Finder, Spot, find_squeezed, squeeze, text_at
from yibao.proofread.report.marks import CellView, Mark, Piece, cell_rows, cut, heading_lines
from yibao.proofread.report.words import (
    SEVERITY_NAME,
    VERDICT_NAME,
    count_severities,
    count_verdicts,
    excerpt,
    expected_label,
    expected_words,
    file_name,
    one_line,
    ordered,
    place_words,
    printable,
)

MAX_RELATED = 24
_HEADING_MARK = re.compile(r"\s*#{1,6}\s+")


@dataclass(frozen=True, slots=True)
class BlockView:
    """A paragraph (`pieces`) or a table (`rows`), ready to print."""

    id: str
    pieces: list[Piece] = field(default_factory=list)
    rows: list[list[CellView]] = field(default_factory=list)
    table: Table | None = None
    lines: list[list[Piece]] = field(default_factory=list)  #: a table's caption and notes
    level: int = 0
    page: int | None = None  #: set where a new page begins
    outline: Sequence[Mark] = ()  #: findings of the whole block


@dataclass(frozen=True, slots=True)
class RelatedView:
    quote: str
    place: str
    target: str


@dataclass(frozen=True, slots=True)
class FindingView:
    number: int  #: in the page
    label: str  #: in its file, as the text report counts
    severity: str
    severity_name: str
    kind: str
    what: str
    place: str
    quote: str
    stated: str
    expected_label: str
    expected: str
    message: str
    cause: str
    target: str
    related: list[RelatedView]


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of the page: its document, its findings and the list of its checks."""

    id: str
    name: str
    facts: list[str]
    title: str
    counts: dict[str, int]
    verdicts: dict[str, int]
    total_checks: int
    blocks: list[BlockView]
    findings: list[FindingView]
    ledger: list[tuple[str, dict[str, int], list[tuple[str, str, str, str]]]]
    not_run: list[tuple[str, str]]


def render_page(package: Package, reports: Sequence[Report]) -> str:
    """The page for a package and its reports; a file without a report is shown without marks."""
    views = _Views(package, reports)
    style, script = _asset("page.css"), _asset("page.js")
    return _template().render(
        files=views.files(),
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        severities=[(s.value, SEVERITY_NAME[s], n) for s, n in count_severities(reports).items()],
        verdict_names={v.value: VERDICT_NAME[v] for v in Verdict},
        max_related=MAX_RELATED,
        version=__version__,
    )


class _Views:
    """Turns a package and its reports into what the template prints."""

    def __init__(self, package: Package, reports: Sequence[Report]) -> None:
        self._package = package
        self._finder = Finder(package)
        self._marks: dict[tuple[int, int], list[tuple[Spot, Mark]]] = {}
        self._reports = {self._index(report, i): report for i, report in enumerate(reports)}
        number = 0
        self._findings: dict[int, list[FindingView]] = {}
        for source, report in sorted(self._reports.items()):
            views = self._findings.setdefault(source, [])
            for label, finding in enumerate(ordered(report.findings), start=1):
                number += 1
                views.append(self._finding(number, str(label), finding, report.path))

    def _index(self, report: Report, position: int) -> int:
        """The source a report speaks of: by path, else by its position."""
        paths = [source.path for source in self._package.sources]
        return paths.index(report.path) if report.path in paths else min(position, len(paths) - 1)

    def files(self) -> list[FileView]:
        return [self._file(i, source) for i, source in enumerate(self._package.sources)]

    def _finding(self, number: int, label: str, finding: Finding, path: str) -> FindingView:
        origin = Mark(0, 0, number, label, finding.severity, True, f"m{number}")
        known = load_kinds().get(finding.kind)
        return FindingView(
            number=number,
            label=label,
            severity=finding.severity.value,
            severity_name=SEVERITY_NAME[finding.severity],
            kind=kind_name(finding.kind),
            what=known.what if known else "",
            place=place_words(finding.evidence.place, file=finding.evidence.place.file != path),
            quote=excerpt(finding.evidence.quote, finding.stated, 160),
            stated=one_line(finding.stated),
            expected_label=expected_label(finding),
            expected=one_line(finding.expected or "") if expected_words(finding) else "",
            message=printable(finding.message),
            cause=printable(finding.cause),
            target=self._mark(finding.evidence, origin, finding.stated),
            related=[
                RelatedView(
                    excerpt(evidence.quote, limit=70),
                    place_words(evidence.place, file=evidence.place.file != path, near=finding.evidence.place),
                    self._mark(evidence, replace(origin, main=False, anchor=f"m{number}-{i}")),
                )
                for i, evidence in enumerate(finding.related, start=1)
            ],
        )

    def _mark(self, evidence: Evidence, mark: Mark, stated: str = "") -> str:
        """Put a mark where the evidence stands; the id to jump to, "" if it stands nowhere in the package."""
        spot = self._finder.find(evidence)
        if spot is None:
            return ""
        marks = self._marks.setdefault((spot.source, spot.block), [])
        marks.append((spot, replace(mark, start=spot.start or 0, end=spot.end or 0)))
        if inner := self._stated(spot, stated):
            marks.append((spot, replace(mark, start=inner[0], end=inner[1], stated=True)))
        return mark.anchor

    def _stated(self, spot: Spot, stated: str) -> tuple[int, int] | None:
        """The printed number within the marked quote: it gets an underline of its own."""
        if spot.start is None or spot.end is None or not stated:
            return None
        block = self._package.sources[spot.source].blocks[spot.block]
        text = text_at(block, spot)
        span = find_squeezed(text[spot.start : spot.end], squeeze(stated))
        if span is None or span[1] - span[0] >= spot.end - spot.start:
            return None
        return spot.start + span[0], spot.start + span[1]

    def _file(self, index: int, source: Source) -> FileView:
        report = self._reports.get(index) or Report(source.path, "", "", None, "")
        facts = [report.kind, f"{report.year}年度" if report.year else "", one_line(report.bureau)]
        verdicts = {v.value: sum(c.verdict is v for c in report.checks) for v in Verdict}
        return FileView(
            id=f"file{index + 1}",
            name=file_name(source.path),
            facts=[fact for fact in facts if fact],
            title=one_line(report.title) or file_name(source.path),
            counts={s.value: n for s, n in count_severities([report]).items()},
            verdicts=verdicts,
            total_checks=len(report.checks),
            blocks=list(self._blocks(index, source)),
            findings=self._findings.get(index, []),
            ledger=[
                (kind_name(kind), {v.value: n for v, n in counts.items()}, self._checks(report, kind))
                for kind, counts in count_verdicts(report).items()
            ],
            not_run=[(kind_name(item.kind), one_line(item.reason)) for item in report.not_run],
        )

    def _checks(self, report: Report, kind: str) -> list[tuple[str, str, str, str]]:
        """(verdict, quote, place, id to jump to) of the checks of one kind."""
        return [
            (c.verdict.value, excerpt(c.evidence.quote, c.stated, 70), place_words(c.evidence.place), self._block_id(c))
            for c in report.checks
            if c.kind == kind
        ]

    def _block_id(self, check: Check) -> str:
        spot = self._finder.find(check.evidence)
        return f"b{spot.source + 1}-{spot.block}" if spot else ""

    def _blocks(self, index: int, source: Source) -> Iterator[BlockView]:
        page = None
        levels = heading_levels(source)
        for i, block in enumerate(source.blocks):
            marks = self._marks.get((index, i), [])
            turned = block.page if block.page != page else None
            page = block.page
            whole = [m for spot, m in marks if spot.start is None and spot.row is None]
            if isinstance(block, Table):
                rows, lines = cell_rows(block, marks), heading_lines(block, marks, _around(source, i))
                yield BlockView(f"b{index + 1}-{i}", rows=rows, lines=lines, table=block, page=turned, outline=whole)
            elif block.raw.strip():
                level = levels.get(i, 0)
                hidden = _HEADING_MARK.match(block.raw) if level else None
                spans = [m for spot, m in marks if spot.start is not None]
                pieces = cut(block.raw, spans, hidden.end() if hidden else 0)
                yield BlockView(f"b{index + 1}-{i}", pieces, level=level, page=turned, outline=whole)


def _around(source: Source, block: int, reach: int = 8) -> frozenset[str]:
    """The paragraphs near a table, squeezed."""
    near = source.blocks[max(block - reach, 0) : block + reach]
    return frozenset(squeeze(b.raw) for b in near if isinstance(b, Paragraph))


def heading_levels(source: Source) -> dict[int, int]:
    """How large to print each heading, 1 the largest: as the file declares it, else by its number."""
    levels = {i: min(p.level, 6) for i, p in source.paragraphs() if p.level}
    if levels:
        return levels
    outline = read_outline(source, {i: normalise(p.raw) for i, p in source.paragraphs()})
    depths = {h.block: len(outline.sections[h.block]) for h in outline.headings if h.alone}
    return {block: depth + 1 for block, depth in depths.items() if depth <= 2}


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_asset("page.html.j2"))


@cache
def _asset(name: str) -> str:
    return (files("yibao.proofread.report") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source expression of a content policy for an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
