"""Cells of a workbook that say nothing although something stands there: formulas that were never computed, formulas that failed.

A program that writes a workbook saves its formulas without their values; until Excel or WPS has opened and saved it, a reader
sees empty cells. A formula that failed (#REF!, #N/A) is read as empty as well. Neither may pass for nothing.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

_HINT = re.compile(rb"""<(?:\w+:)?f[\s/>]|\bt\s*=\s*["']e["']""")
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_STEP = 1 << 20
_SEAM = 64


@dataclass(frozen=True, slots=True)
class Silent:
    """A cell without a value that can be read; row from 1, place of the column from 0."""

    row: int
    place: int
    cell: str  #: as Excel names it, C4
    error: str = ""  #: #REF!, where the formula failed

    @property
    def why(self) -> str:
        if self.error:
            return f"单元格出错（{self.error}）"
        return "单元格是公式，没有保存的值；请用 Excel 或 WPS 打开，保存后再导入"

    @property
    def said(self) -> str:
        return f"{self.cell} {self.why}"


def silent_cells(path: Path) -> dict[str, list[Silent]]:
    """By sheet; the workbook has been guarded (`workbook.pages`). Sheets without any are not named."""
    with zipfile.ZipFile(path) as archive:
        found = {name: list(_silent(archive, part)) for name, part in _parts(archive).items()}
    return {name: cells for name, cells in found.items() if cells}


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets = {}
    for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        target = posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))
        targets[relation.get("Id", "")] = target.removeprefix("/")
    sheets = (e for e in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter() if _name(e) == "sheet")
    parts = {sheet.get("name", ""): targets.get(_relation(sheet), "") for sheet in sheets}
    return {name: part for name, part in parts.items() if part in names}


def _relation(sheet: ElementTree.Element) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _silent(archive: zipfile.ZipFile, part: str) -> Iterator[Silent]:
    with archive.open(part) as file:
        if not _hinted(file):
            return
    with archive.open(part) as file:
        for _, element in ElementTree.iterparse(file):
            if _name(element) == "c":
                yield from _judged(element)
            elif _name(element) == "row":
                element.clear()


def _hinted(file: IO[bytes]) -> bool:
    """Is there any formula or failure in the sheet? Most have none and are not parsed."""
    seam = b""
    while block := file.read(_STEP):
        if _HINT.search(seam + block):
            return True
        seam = block[-_SEAM:]
    return False


def _judged(cell: ElementTree.Element) -> Iterator[Silent]:
    parts = {_name(child): child.text or "" for child in cell}
    kind, value = cell.get("t", ""), parts.get("v", "")
    unsaved = "f" in parts and not value and not (kind == "str" and "v" in parts)
    place = _PLACE.fullmatch(cell.get("r", ""))
    if place and (unsaved or kind == "e"):
        yield Silent(int(place[2]), _number(place[1]) - 1, place[0], value if kind == "e" else "")


def _number(letters: str) -> int:
    """
    >>> _number("A"), _number("AA")
    (1, 27)
    """
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
