"""One printed figure of a finished package altered, as a slip of the hand would: where it stands, and the file changed.

Not altered: figures.xlsx, years and dates, numbers of headings, lists and attachments, 行次 and codes, names with digits.
A file is changed in its own XML, or opened, changed and saved by python-docx or openpyxl (`saved`), as an office would.
"""

from __future__ import annotations

import random
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from lxml import etree
from openpyxl import load_workbook

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_NUMBER = re.compile(r"(?<![\dA-Za-z.\-—])\d+(?:\.\d+)?(?![\dA-Za-z])")
_NOT_AFTER = re.compile(r"(?:附件|公开|公开表|第|表)$|[（(①]$")
_NOT_BEFORE = re.compile(r"\s*(?:年(?!期)|月(?!数)|日(?!常)|[）)、]|岁|号|个月前|表)")
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?:至(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日)?|\d{4}-\d{1,2}-\d{1,2}")
_NAMES = re.compile(r"单位价值100万元|60岁|\d{4}年")
_LEADING = re.compile(r"\s*(?:\d{1,2}[.、．](?!\d)|附件\d|[（(]\d{1,2}[）)])")
_SERIAL = re.compile(r"行次|编码|代码")


@dataclass(frozen=True, slots=True)
class Spot:
    """A printed number: `place` is the index of its paragraph among all of the document, or its cell's address."""

    file: str
    place: str
    start: int
    text: str

    def __str__(self) -> str:
        return f"{self.file} {self.place} {self.text}"


def numbers_in(text: str) -> Iterator[re.Match[str]]:
    """The figures of a paragraph: no years, dates, serial numbers."""
    taken = [m.span() for pattern in (_DATE, _NAMES) for m in pattern.finditer(text)]
    lead = _LEADING.match(text)
    for m in _NUMBER.finditer(text):
        if lead and m.start() < lead.end():
            continue
        if any(a <= m.start() < b for a, b in taken) or _NOT_BEFORE.match(text, m.end()):
            continue
        if not _NOT_AFTER.search(text[: m.start()]):
            yield m


def spots(out: Path) -> list[Spot]:
    """Every printed figure of a package."""
    found: list[Spot] = []
    for path in sorted(out.iterdir()):
        if path.suffix == ".docx":
            found += _word_spots(path)
        elif path.suffix == ".xlsx" and path.stem != "figures":
            found += _sheet_spots(path)
    return found


def _word_spots(path: Path) -> Iterator[Spot]:
    body = docx.Document(str(path)).element.body
    serial = _serial_cells(body)
    for at, paragraph in enumerate(body.iter(f"{W}p")):
        text = "".join(t.text or "" for t in paragraph.iter(f"{W}t"))
        if paragraph.getparent() in serial or "填报日期" in text or text.startswith(("公开", "附件")):
            continue
        for m in numbers_in(text):
            yield Spot(path.name, f"¶{at}", m.start(), m[0])


def _serial_cells(body: Any) -> set[Any]:
    """Cells under a header that numbers its rows or codes them."""
    found = set()
    for table in body.iter(f"{W}tbl"):
        wanted: set[int] = set()
        for row in table.iter(f"{W}tr"):
            column = 0
            for cell in row.iter(f"{W}tc"):
                text = "".join(t.text or "" for t in cell.iter(f"{W}t"))
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                if _SERIAL.fullmatch(text.replace("科目", "")):
                    wanted.add(column)
                if column in wanted:
                    found.add(cell)
                column += int(span.get(f"{W}val")) if span is not None else 1
    return found


def _sheet_spots(path: Path) -> Iterator[Spot]:
    for sheet in load_workbook(path, data_only=True).worksheets:
        serial: set[int] = set()
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                if isinstance(value, str) and _SERIAL.search(value) and len(value) < 6:
                    serial.add(cell.column)
                if cell.column in serial or value is None or isinstance(value, bool):
                    continue
                place = f"{sheet.title}!{cell.coordinate}"
                if isinstance(value, int | float):
                    yield Spot(path.name, place, 0, repr(value))
                elif "填报日期" not in str(value) and not str(value).startswith("公开"):
                    for m in numbers_in(str(value)):
                        yield Spot(path.name, place, m.start(), m[0])


def slip(text: str, rng: random.Random) -> str:
    """Another digit in one place of a number; it keeps its length."""
    places = [i for i, c in enumerate(text) if c.isdigit()]
    at = rng.choice(places)
    others = [c for c in "0123456789" if c != text[at] and not (c == "0" and at == places[0] and len(places) > 1)]
    return text[:at] + rng.choice(others) + text[at + 1 :]


def alter(out: Path, target: Path, spot: Spot, new: str, *, saved: bool = False) -> None:
    """A copy of the package in `target` in which the number of a spot reads `new`."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(out, target)
    path = target / spot.file
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        paragraph = list(document.element.body.iter(f"{W}p"))[int(spot.place[1:])]
        _rewrite(list(paragraph.iter(f"{W}t")), spot, new)
        if saved:
            document.save(str(path))
        else:
            _replace(
                path,
                "word/document.xml",
                etree.tostring(document.element, xml_declaration=True, encoding="UTF-8", standalone=True),
            )
    elif saved:
        _saved_sheet(path, spot, new)
    else:
        _raw_sheet(path, spot, new)


def _rewrite(runs: list[Any], spot: Spot, new: str) -> None:
    """Characters of a paragraph replaced where they stand in its runs."""
    at = 0
    for run in runs:
        text = run.text or ""
        for i, char in enumerate(text):
            if spot.start <= at + i < spot.start + len(spot.text):
                text = text[:i] + new[at + i - spot.start] + text[i + 1 :]
                assert char == spot.text[at + i - spot.start]
        at += len(text)
        run.text = text


def _saved_sheet(path: Path, spot: Spot, new: str) -> None:
    book = load_workbook(path)
    title, _, address = spot.place.rpartition("!")
    cell = book[title][address]
    if isinstance(cell.value, str) and cell.data_type != "f":
        cell.value = cell.value[: spot.start] + new + cell.value[spot.start + len(spot.text) :]
    else:
        cell.value = float(new) if "." in new else int(new)
    book.save(path)


def _raw_sheet(path: Path, spot: Spot, new: str) -> None:
    """The cell typed over: its formula goes, what else was saved stays."""
    title, _, address = spot.place.rpartition("!")
    book = load_workbook(path, read_only=True)
    part = f"xl/worksheets/sheet{book.sheetnames.index(title) + 1}.xml"
    book.close()
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read(part))
        names = set(archive.namelist())
        shared = etree.fromstring(archive.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else None
    cell = next(c for c in root.iter(f"{S}c") if c.get("r") == address)
    kind, value = cell.get("t"), cell.find(f"{S}v")
    if kind == "s" and shared is not None and value is not None:
        text = "".join(t.text or "" for t in shared[int(value.text)].iter(f"{S}t"))
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        inline = etree.SubElement(etree.SubElement(cell, f"{S}is"), f"{S}t")
        inline.text = text[: spot.start] + new + text[spot.start + len(spot.text) :]
    elif kind == "inlineStr":
        _rewrite(list(cell.iter(f"{S}t")), spot, new)
    else:
        assert value is not None
        for formula in cell.findall(f"{S}f"):
            cell.remove(formula)
        value.text = new
    _replace(path, part, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _replace(path: Path, part: str, content: bytes) -> None:
    half = path.with_suffix(".half")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as fresh:
        for item in old.infolist():
            fresh.writestr(item, content if item.filename == part else old.read(item.filename))
    half.replace(path)
