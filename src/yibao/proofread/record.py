"""The package held against its own record: what was altered since it was printed is said here, and here alone (ADR 0009)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from yibao.proofread.altered import Altered, Held, held_against, is_foreign
from yibao.proofread.document import Package, Paragraph, Place, Source
from yibao.proofread.findings import Check, Evidence, NotRun, Verdict
from yibao.proofread.printed_lines import Line
from yibao.proofread.reading import FileReading, Reading
from yibao.proofread.restored import Restored, restored

KIND = "altered_figure"
_REPAIR = "印出之后改过；要改数，请改“数据”后重新生成"
_SENTENCE_ENDS = re.compile(r"[。；！？]")


@dataclass(frozen=True)
class HeldPackage:
    """`package` is as printed; `files` are those that were altered, `held` all that the ledger names; both by path."""

    package: Package
    files: Mapping[str, Restored]
    held: Mapping[str, Held]


def hold(package: Package) -> HeldPackage:
    """Every file that comes with a record beside it, and the package with the printed figures in their places."""
    held = {
        source.path: held_against(source, source.record)
        for source in package.sources
        if source.record is not None and source.role == "current"
    }
    none = is_foreign(held.values())
    held = {path: Held(foreign=True) if none or is_foreign([h]) else h for path, h in held.items()}
    files = {
        source.path: restored(source, held[source.path].altered)
        for source in package.sources
        if source.path in held and held[source.path].altered
    }
    sources = tuple(files[s.path].source if s.path in files else s for s in package.sources)
    return HeldPackage(Package(sources), files, held)


def altered_figures(package: HeldPackage, reading: Reading) -> Iterator[Check]:
    """A check for each line that has a record: consistent, or one for each altered figure.

    What a formula gives after an altered cell is that cell's doing: both are one finding.
    """
    for file in reading.files:
        path = file.source.path
        if (held := package.held.get(path)) is None:
            continue
        real = package.files[path].real if path in package.files else file.source
        yield from (_same(file, real, line) for line in held.same)
        told = sorted((a for a in held.altered if not a.unsaved), key=lambda a: (a.computed, a.filled_in))
        results = any(a.computed for a in told)
        for i, a in enumerate(told):
            group = f"{KIND}|{path}" if results and (i == 0 or a.computed) else ""
            yield replace(_altered(file, package.files[path], a), group=group)


def not_held(held: Held | None) -> Iterator[NotRun]:
    """What of a file was not held against its record."""
    if held is None:
        return
    if held.foreign:
        yield NotRun(KIND, "多数的数与台账的“印出原文”不同，不像同一次印出的，没有与印出时对照")
    if held.gone or held.new:
        yield NotRun(KIND, f"印出之后改写或删去{held.gone}行，改写或新写{held.new}行，其中的数没有与印出时对照")
    if blank := sum(a.unsaved for a in held.altered):
        yield NotRun(KIND, f"{blank}个公式没有保存结果，其余核对用印出时的数补上")


def _same(file: FileReading, real: Source, line: Line) -> Check:
    """A line that is as it was printed, quoted from the file itself: an altered figure before it may have moved it."""
    block = real.blocks[line.block]
    place = _place(file, line.block, line.row, None)
    if isinstance(block, Paragraph):
        evidence = Evidence(block.raw[line.start : line.end], replace(place, start=line.start, end=line.end))
    else:
        evidence = Evidence(block.quote(line.row or 0), place)
    return Check(KIND, Verdict.CONSISTENT, evidence, message=f"{len(line.figures)}个数与印出时相同")


def _altered(file: FileReading, source: Restored, a: Altered) -> Check:
    place = _place(file, a.block, a.row, a.column)
    name = f"{a.name}：" if a.name else ""
    if a.filled_in:
        return Check(
            KIND, Verdict.UNCHECKABLE, _evidence(source, a, place), a.stated, None, "印出时这里没有数，没有可以对照的"
        )
    if not a.stated:
        message = f"{name}印出时为{a.expected}，现在没有了，{_REPAIR}"
    else:
        message = f"{name}印出时为{a.expected}，现在是{a.stated}，{_REPAIR}"
    return Check(KIND, Verdict.INCONSISTENT, _evidence(source, a, place), a.stated, a.expected or None, message)


def _evidence(source: Restored, a: Altered, place: Place) -> Evidence:
    """The figure itself; where it was taken out, the sentence or the row that lost it."""
    block = source.real.blocks[a.block]
    start, end = a.start, a.end
    if isinstance(block, Paragraph):
        if start == end:
            before = [m.end() for m in _SENTENCE_ENDS.finditer(block.raw, 0, start)]
            after = _SENTENCE_ENDS.search(block.raw, start)
            start, end = before[-1] if before else 0, after.end() if after else len(block.raw)
        return Evidence(block.raw[start:end], replace(place, start=start, end=end))
    if start == end:
        return Evidence(block.quote(a.row or 0), place)
    return Evidence(block.text(a.row or 0, a.column or 0)[start:end], replace(place, start=start, end=end))


def _place(file: FileReading, block: int, row: int | None, column: int | None) -> Place:
    place = file.place(block)
    if row is None:
        return place
    table = file.source.blocks[block]
    if isinstance(table, Paragraph):
        return place
    label = next((cell.text for cell in table.rows[row] if cell.text), "")[:20] or None
    address = None if column is None else table.rows[row][column].address
    return replace(place, table=place.table or "表格", row=row, column=column, row_label=label, address=address)
