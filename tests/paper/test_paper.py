"""What is printed: the same bytes twice, nobody named, widths and headings that hold."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm

from yibao.paper.archive import document_bytes
from yibao.paper.grid import add_grid, fill_cell, repeat_heading
from yibao.paper.line import add_line
from yibao.paper.plain import add_notes, add_signature, add_text, plain_document
from yibao.paper.typography import typography


def page(wide: bool = False) -> Any:
    made = plain_document("测试单", 18, wide=wide)
    add_text(made, "一段话")
    table = add_grid(made, 2, (30, 60))
    repeat_heading(table.rows[0])
    fill_cell(table.rows[0].cells[0], "名称", WD_ALIGN_PARAGRAPH.LEFT, bold=True)
    fill_cell(table.rows[1].cells[1], "1.00", WD_ALIGN_PARAGRAPH.RIGHT, size=7)
    add_notes(made, ["数据截至年末"])
    add_signature(made, "签字：")
    return made


def again(document: Any) -> Any:
    return docx.Document(io.BytesIO(document_bytes(document)))


def test_the_same_page_twice_is_the_same_bytes_and_names_nobody() -> None:
    assert document_bytes(page()) == document_bytes(page())
    said = again(page()).core_properties
    assert (said.title, said.author, said.last_modified_by, said.comments) == ("测试单", "", "", "")
    with zipfile.ZipFile(io.BytesIO(document_bytes(page()))) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_author_is_named_where_one_is_said() -> None:
    assert docx.Document(io.BytesIO(document_bytes(page(), "示例局"))).core_properties.author == "示例局"


@pytest.mark.parametrize(("wide", "size"), [(False, (210, 297)), (True, (297, 210))])
def test_a_page_of_a4_stands_or_lies(wide: bool, size: tuple[int, int]) -> None:
    section = again(page(wide)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size


def test_a_grid_keeps_its_widths_its_rows_whole_and_its_heading_on_every_page() -> None:
    [table] = again(page()).tables
    assert [round(cell.width / Mm(1)) for cell in table.rows[1].cells] == [30, 60]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False]
    assert [cell.text for row in table.rows for cell in row.cells] == ["名称", "", "", "1.00"]


def test_a_note_says_that_it_is_one_and_the_signature_comes_last() -> None:
    assert [p.text for p in again(page()).paragraphs] == ["测试单", "一段话", "注：数据截至年末", "签字："]


@pytest.mark.parametrize("style", sorted(typography().styles))
def test_a_line_is_set_as_its_type_says(style: str) -> None:
    kind = typography().styles[style]
    made = add_line(docx.Document(), kind, typography())
    assert made.paragraph_format.first_line_indent.pt == kind.indent * kind.size
    assert made._p.pPr.ind.get(qn("w:firstLineChars")) == str(kind.indent * 100)
    assert made.paragraph_format.line_spacing.pt == (kind.line or typography().line)
