"""A folder of files → `Package`: a report and its attachments, read together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from yibao.errors import UserError
from yibao.proofread.document import Package, Record, Source
from yibao.proofread.read.file import SUPPORTED, read_file
from yibao.proofread.read.ledger import read_records
from yibao.vocabulary import ledger

MAX_FILES = 200
MAX_NAMED = 10  #: files named in one warning
_DIGITS = re.compile(r"(\d+)")
_IGNORED = ("~$", ".~", ".")  # lock files and hidden files


def read_package(path: Path, last_year: Path | None = None) -> Package:
    """The files of a folder, one level of subfolders included, in natural order; or one file alone.

    Each file brings the record that the ledger in its folder has of it. `last_year`: a file or folder of the year before,
    its sources put last. What cannot be read becomes a warning of the first source. Raises UserError if nothing can be read.
    """
    sources = _read(Path(path))
    if last_year is not None:
        sources += [replace(source, role="last_year") for source in _read(Path(last_year))]
    return Package(tuple(sources))


def _read(path: Path) -> list[Source]:
    if not path.is_dir():
        records, warnings = read_records(path.parent)
        source = replace(read_file(path), record=records.get(path.name))
        return [replace(source, warnings=(*source.warnings, *warnings))]
    files, warnings = _files(path)
    records, unread = read_records(path)
    files, left_out = _beside_records(files, path, records)
    warnings += [*unread, *left_out]
    sources: list[Source] = []
    failed: list[str] = []
    for file in files:
        try:
            sources.append(replace(read_file(file), record=records.get(file.name) if file.parent == path else None))
        except UserError as error:
            failed.append(error.sentence)
    if not sources:
        reason = "".join(failed[:3]) or "其中没有 .docx、.pdf、.xlsx、.xls、.txt、.md 文件。"
        raise UserError(f"文件夹“{path}”里没有能校对的文件：{reason}")
    first = replace(sources[0], warnings=(*sources[0].warnings, *warnings, *failed))
    return [first, *sources[1:]]


def _files(folder: Path) -> tuple[list[Path], list[str]]:
    """(files to read, warnings about those left out)."""
    supported: list[Path] = []
    others: list[str] = []
    deeper: list[str] = []
    ledgers: list[str] = []
    for file in _walk(folder, deeper):
        if file.name in ledger.NAMES:
            ledgers.append(file.name)
        elif file.suffix.lower() in SUPPORTED:
            supported.append(file)
        else:
            others.append(file.name)
    warnings = []
    if ledgers:
        warnings.append(f"{_named(ledgers)}是指标台账，不是公开文件，没有校对。")
    if others:
        warnings.append(f"“{folder}”中不支持的文件没有读：{_named(others)}。")
    if deeper:
        warnings.append(f"“{folder}”的下级文件夹没有读：{_named(deeper)}。")
    if len(supported) > MAX_FILES:
        warnings.append(f"“{folder}”有 {len(supported)} 个文件，只读了前 {MAX_FILES} 个。")
    return supported[:MAX_FILES], warnings


def _beside_records(files: list[Path], folder: Path, records: Mapping[str, Record]) -> tuple[list[Path], list[str]]:
    """The files without the .pdf of a recorded .docx, which is that document once more; and what does not match."""
    twins = [
        f
        for f in files
        if f.suffix.lower() == ".pdf" and f.with_suffix(".docx").name in records and f.with_suffix(".docx") in files
    ]
    kept = [f for f in files if f not in twins]
    warnings = []
    if twins:
        warnings.append(
            f"{_named([f.name for f in twins])}是同名 .docx 的另一种格式，没有另外校对；改了 .docx 要重新转出。"
        )
    here = {f.name for f in kept if f.parent == folder}
    if gone := [name for name in records if name not in here]:
        warnings.append(f"台账记着、这里没有（改名或删去）的文件：{_named(gone)}。")
    if records and (other := [name for name in here if name not in records]):
        warnings.append(f"不是和台账一次印出的文件，没有与印出时对照：{_named(sorted(other, key=natural))}。")
    return kept, warnings


def _walk(folder: Path, deeper: list[str]) -> Iterator[Path]:
    """The files of a folder and of its subfolders, in natural order. Links to folders are not followed."""
    folders: list[Path] = []
    for entry in _entries(folder):
        if entry.is_dir():
            folders.append(entry)
        else:
            yield entry
    for sub in folders:
        if sub.is_symlink():
            deeper.append(sub.name)
            continue
        for entry in _entries(sub):
            if entry.is_dir():
                deeper.append(f"{sub.name}/{entry.name}")
            else:
                yield entry


def _entries(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as scan:
            names = [entry.name for entry in scan if not entry.name.startswith(_IGNORED)]
    except OSError:
        raise UserError(f"文件夹“{folder}”打不开，请检查权限。") from None
    return [folder / name for name in sorted(names, key=natural)]


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts 附件2 before 附件10.

    >>> sorted(["附件10.docx", "附件2.docx", "报告.docx"], key=natural)
    ['报告.docx', '附件2.docx', '附件10.docx']
    """
    parts = _DIGITS.split(name.lower())
    return [(0, int(part), "") if part.isdecimal() and len(part) < 19 else (1, 0, part) for part in parts if part]


def _named(names: list[str]) -> str:
    return "、".join(names[:MAX_NAMED]) + (f" 等 {len(names)} 个" if len(names) > MAX_NAMED else "")
