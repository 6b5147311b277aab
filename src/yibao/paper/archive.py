"""Office files whose bytes depend on their content alone: fixed time stamps, and the results of formulas beside them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_STAMPS = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(</dcterms:(?:modified|created)>)")
_STAMP = rb"\g<1>1980-01-01T00:00:00Z\g<2>"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Results = Mapping[int, Mapping[str, Decimal]]  #: number of the sheet from 1 → address → what its formula gives


def empty_book(title: str) -> Workbook:
    """A workbook without a sheet and without a name behind it."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    book.properties.title, book.properties.creator = ILLEGAL_CHARACTERS_RE.sub("", title), ""
    return book


def put_text(cell: Any, text: str) -> None:
    """Text that stays text, even where it begins with “=”; characters that no workbook holds are left out."""
    plain = ILLEGAL_CHARACTERS_RE.sub("", text)
    if plain:
        cell.value = plain
        cell.data_type = "s"


def packed(book: Workbook, results: Results | None = None) -> bytes:
    """The file; `results` as in `steady`."""
    out = io.BytesIO()
    book.save(out)
    return steady(out.getvalue(), results)


def document_bytes(document: Any, author: str = "") -> bytes:
    """A Word document as a file that names nobody but its author; same document, same bytes."""
    properties = document.core_properties
    properties.author, properties.comments, properties.last_modified_by, properties.revision = author, "", "", 1
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def steady(archive: bytes, results: Results | None = None) -> bytes:
    """The same docx or xlsx with every time stamp fixed and `results` stored, for readers that do not calculate."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            sheet = _SHEET.fullmatch(name)
            if name == "docProps/core.xml":
                content = _STAMPS.sub(_STAMP, content)
            elif sheet and results and (values := results.get(int(sheet[1]))):
                content = _with_results(content, values)
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, _UNIX
            new.writestr(info, content)
    return out.getvalue()


def _with_results(xml: bytes, values: Mapping[str, Decimal]) -> bytes:
    root = etree.fromstring(xml)
    for cell in root.iter(f"{_MAIN}c"):
        formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
        address = cell.get("r", "")
        if formula is not None and value is not None and address in values:
            value.text = f"{values[address]:f}"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
