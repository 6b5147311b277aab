"""A folder of files → `Package`: a report and its attachments, read together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from yibao.errors import UserError
from yibao.proofread.document import Package, Source
from yibao.proofread.read.file import SUPPORTED, read_file

MAX_FILES = 200
MAX_NAMED = 10  #: files named in one warning
_DIGITS = re.compile(r"(\d+)")
_IGNORED = ("~$", ".~", ".")  # lock files and hidden files
#: the ledger that `yibao appraise` writes beside its documents: it keeps every contradictory value, and is not published
LEDGER = ("figures.xlsx", "figures（草稿）.xlsx")


def read_package(path: Path, last_year: Path | None = None) -> Package:
    """The files of a folder, one level of subfolders included, in natural order; or one file alone.

    `last_year`: a file or folder of the year before, its sources put last. What cannot be read becomes a warning of
    the first source. Raises UserError if nothing can be read.
    """
    sources = _read(Path(path))
    if last_year is not None:
        sources += [replace(source, role="last_year") for source in _read(Path(last_year))]
    return Package(tuple(sources))


def _read(path: Path) -> list[Source]:
    if not path.is_dir():
        return [read_file(path)]
    files, warnings = _files(path)
    sources: list[Source] = []
    failed: list[str] = []
    for file in files:
        try:
            sources.append(read_file(file))
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
        if file.name in LEDGER:
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
