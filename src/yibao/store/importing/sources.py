"""A file as sources: each sheet or text that holds a table, with its headings understood and its rows as a relation of DuckDB.

What a file is, its content says, not its name. Sheets of notes and hidden sheets are left out, and that is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from yibao.errors import UserError
from yibao.store.importing.delimited import careful, find_cut, quick
from yibao.store.importing.formulas import Silent, silent_cells
from yibao.store.importing.headings import Reading, fits, plain
from yibao.store.importing.layout import HEAD, Asked, Head, decide, find_head, part_of, sides
from yibao.store.importing.merged import Downwards, downwards
from yibao.store.importing.scan import NAMES, Progress, scan
from yibao.store.importing.source import Left, Source, constant_of, where_of
from yibao.store.importing.stacked import tables
from yibao.store.importing.staging import Row, stage_rows
from yibao.store.importing.titles import titled
from yibao.store.importing.typed import ODDITIES
from yibao.store.importing.workbook import Page, filled, pages
from yibao.vocabulary.tables import Vocabulary

OWN_HEADINGS = ("原文件行号", "退回原因")  #: what the rejects file adds; no data


def sources(path: Path, work: Path, vocabulary: Vocabulary, asked: Asked, progress: Progress) -> list[Source | Left]:
    """UserError where the file cannot be read, or nothing in it is a table."""
    try:
        with path.open("rb") as file:
            magic = file.read(8)
    except OSError as error:
        raise UserError(f"“{path}”打不开（{error.strerror}），没有导入。") from None
    if not magic:
        raise UserError(f"“{path.name}”是空文件，没有导入。")
    if magic.startswith(b"PK"):
        return _of_workbook(path, work, vocabulary, asked)
    if magic.startswith(b"PAR1"):
        from yibao.store.importing.columnar import of_parquet

        return [of_parquet(path, vocabulary, asked)]
    for mark, name, hint in _FOREIGN:
        if magic.startswith(mark):
            raise UserError(f"“{path.name}”是{name}，不能导入。{hint}")
    return [_of_text(path, work, vocabulary, asked, progress)]


_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "旧版 Excel（.xls）或有密码的工作簿", "请用 Excel/WPS 打开后另存为 .xlsx（不设密码）或 CSV。"),
    (b"%PDF", " PDF", "请导出为 Excel 或 CSV。"),
    (b"\x1f\x8b", "压缩文件", "请先解压。"),
    (b"7z\xbc\xaf", "压缩文件", "请先解压。"),
    (b"Rar!", "压缩文件", "请先解压。"),
)  # fmt: skip


def _of_text(path: Path, work: Path, vocabulary: Vocabulary, asked: Asked, progress: Progress) -> Source:
    found = scan(path, work, progress)
    cut = find_cut(found, path.name, vocabulary, asked)
    if cut is None:
        raise UserError(
            f"“{path.name}”前 {HEAD} 行里找不到表头，没有导入。请确认第一行是列名，或用 --mapping 写明各列。"
        )
    reading = decide(cut.head, f"“{path.name}”", vocabulary, asked, [path.name])
    separated = {",": "CSV", "\t": "TSV"}.get(cut.delimiter, f"以“{cut.delimiter}”分隔的文本")
    how = f"{separated}，{NAMES[found.encoding]}"

    def again() -> Source:
        relation = careful(found, cut, path.name, _enough(cut.head, reading), work / "rows.parquet")
        fixed, cut_off = constant_of(reading, asked), not found.ends_with_newline
        return Source(
            path,
            "",
            found.sha256,
            how,
            cut.head,
            reading,
            relation,
            "_fault",
            None,
            ODDITIES,
            fixed,
            may_be_cut=cut_off,
        )

    if not found.is_plain:
        return again()
    fixed, lines = constant_of(reading, asked), found.lines - cut.skip
    return Source(
        path,
        "",
        found.sha256,
        how,
        cut.head,
        reading,
        quick(found, cut),
        "",
        again,
        found.oddities(cut.skip),
        fixed,
        lines,
        not found.ends_with_newline,
    )


def _enough(head: Head, reading: Reading) -> int:
    """Cells that every row must have: up to the last column that may not be empty (spreadsheets drop empty cells at the end)."""
    needed = [n.place + 1 for n in reading.named if not n.column.nullable and not n.column.blank]
    return max(needed, default=len(head.headings))


def _of_workbook(path: Path, work: Path, vocabulary: Vocabulary, asked: Asked) -> list[Source | Left]:
    sheets = pages(path)
    sha256, silent = _hash(path), silent_cells(path)
    found: list[Source | Left] = []
    for i, page in enumerate(sheets):
        mute = silent.get(page.name, ())
        found += _of_page(path, page, i, work, vocabulary, asked, sha256, mute, alone=len(sheets) == 1)
    if not any(isinstance(source, Source) for source in found):
        raise UserError(
            f"“{path.name}”的 {len(sheets)} 张工作表里都没有能认出的表头，没有导入。请用 --mapping 写明各列。"
        )
    return found


def _of_page(
    path: Path, page: Page, number: int, work: Path, vocabulary: Vocabulary, asked: Asked, sha256: str, silent: Sequence[Silent], *, alone: bool
) -> Iterator[Source | Left]:  # fmt: skip
    where, names = where_of(path, page.name), [page.name, path.name]
    if page.hidden:
        yield Left(where, "隐藏的工作表")
        return
    rows = filled(list(islice(page.rows(), HEAD)), page.merges)
    head = find_head(rows, vocabulary, asked)
    if head is None or (not alone and sum(bool(plain(h)) for h in head.headings) < 2):
        yield Left(where, "没有表头，当作说明" if any(any(row) for row in rows) else "空的工作表")
        return
    if parts := sides(head, vocabulary):
        for at, (part, told) in enumerate(parts):
            one = replace(asked, constant={**told, **(asked.constant or {})})
            reading = decide(part, where, vocabulary, one, names)
            staged = work / f"sheet{number}.{at}.parquet"
            yield _source(path, page, sha256, part, reading, staged, one, silent, only=part_of(head, part))
        return
    try:
        reading = decide(head, where, vocabulary, asked, names)
    except UserError as refused:
        if alone or _looks_meant(head, vocabulary, asked):
            raise
        yield Left(where, f"表头不像任何一张表，当作说明（{refused.sentence[:80]}…）")
        return
    for at, (part, end) in enumerate(_stacked(page, head, reading, vocabulary)):
        own = reading if part is head else decide(part, where, vocabulary, asked, names)
        staged = work / f"sheet{number}.{at}.parquet"
        yield _source(path, page, sha256, part, own, staged, asked, silent, end=end)


def _stacked(page: Page, head: Head, reading: Reading, vocabulary: Vocabulary) -> list[tuple[Head, int | None]]:
    """The tables of a page under one another, where titles say what no column does; else the page is one."""
    foreign, named = reading.table.foreign, {one.column.name for one in reading.named}
    if foreign is None or set(foreign.titled) <= named:
        return [(head, None)]
    return tables(page.rows(), head, lambda above: titled(reading.table, above, (), vocabulary))


def _source(
    path: Path, page: Page, sha256: str, head: Head, reading: Reading, staged: Path, asked: Asked, silent: Sequence[Silent],
    only: frozenset[int] = frozenset(), end: int | None = None,
) -> Source:  # fmt: skip
    """The rows of a page staged. `only`: the places of one of several tables side by side; rows that have nothing there are empty."""
    merges = downwards(page.merges, head.body, reading.named, reading.table)
    headings = {one.place: one.heading for one in reading.named}
    unread = {one.row: f"“{headings[one.place]}”{one.why}" for one in reversed(silent) if one.place in headings}
    rows = _below(page, head, merges, end, unread)
    if only:
        rows = (
            (cells if any(plain(cells[at]) for at in only if at < len(cells)) else [], fault) for cells, fault in rows
        )
    relation = stage_rows(staged, len(head.headings), rows)
    return Source(
        path,
        page.name,
        sha256,
        "xlsx",
        head,
        reading,
        relation,
        "_fault",
        None,
        ODDITIES,
        constant_of(reading, asked),
        merged=merges.told,
    )


def _looks_meant(head: Head, vocabulary: Vocabulary, asked: Asked) -> bool:
    """Is a sheet that cannot be placed nevertheless full of our headings? Then it is no sheet of notes."""
    return fits(head.headings, vocabulary) * 2 >= sum(bool(plain(h)) for h in head.headings)


def _below(page: Page, head: Head, merges: Downwards, end: int | None, silent: Mapping[int, str]) -> Iterator[Row]:
    """Rows below the headings with what is wrong about them. `silent`: by row as Excel counts, a cell whose value nobody can read."""
    width = len(head.headings)
    for number, (cells, fault) in enumerate(merges.rows(islice(page.rows(), head.body, end), head.body), head.body + 1):
        wide = len(cells) > width and any(cells[width:])
        yield cells, f"这一行有 {len(cells)} 格，表头只有 {width} 列" if wide else fault or silent.get(number, "")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
