"""What an earlier run left in the folder: its documents that no longer occur would be published by mistake.

The ledger of that run names its files, with the SHA-256 of each. Only a file that is byte for byte what was written is
removed; whatever else lies there is not ours.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from openpyxl import load_workbook

from yibao.vocabulary.ledger import FILES, HEADER, NAMES

LIMIT = 100_000_000  #: bytes of a ledger, unpacked; a larger one is not ours
MOST = 1_000  #: files
KINDS = frozenset((".docx", ".xlsx", ".pdf"))


def earlier_files(folder: Path, *, draft: bool) -> Mapping[str, str]:
    """Name → digest of what earlier runs wrote here. A draft replaces drafts only; what can be published stays."""
    found: dict[str, str] = {}
    for name in NAMES[1:] if draft else NAMES:
        found |= _files(folder / name)
    return found


def cleared(folder: Path, earlier: Mapping[str, str], *, keep: Collection[str]) -> Iterator[str]:
    """Remove what an earlier run wrote and this one did not; a sentence for each such file."""
    for name, digest in sorted(earlier.items()):
        path = folder / name
        if name in keep or name in NAMES or not _plain(name) or path.is_symlink() or not path.is_file():
            continue
        if digest_of(path) != digest:
            yield f"“{path}”是以前写出的，这次没有这个文件；它被改过，没有删，请不要误当作这次的文件。"
            continue
        try:
            path.unlink()
        except OSError as error:
            yield f"“{path}”是以前写出的，这次没有这个文件；删不掉（{error.strerror}），请自己删去。"
        else:
            yield f"已删去“{path}”：以前写出的，这次没有这个文件。"


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _plain(name: str) -> bool:
    """The name of a document in this very folder."""
    return Path(name).name == name and "\\" not in name and Path(name).suffix in KINDS


def _files(ledger: Path) -> dict[str, str]:
    """{} for a ledger that is missing, damaged, or of another make."""
    try:
        with zipfile.ZipFile(ledger) as parts:
            if sum(part.file_size for part in parts.infolist()) > LIMIT:
                return {}
        book = load_workbook(ledger, read_only=True, keep_links=False)
        try:
            header, *rows = book[FILES.name].iter_rows(min_row=HEADER, max_row=HEADER + MOST, values_only=True)
        finally:
            book.close()
    except Exception:  # openpyxl raises whatever a broken workbook makes it stumble over
        return {}
    if tuple(header[: len(FILES.columns)]) != FILES.columns:
        return {}
    return {str(row[0]): str(row[1]) for row in rows if row[0] and row[1]}
