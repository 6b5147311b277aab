"""Forms as Word tables: every cell where the form has it, spans, repeated header, fonts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from yibao import proofread
from yibao.appraise.appraisal import appraise
from yibao.appraise.forms.attachments import attachments
from yibao.appraise.forms.table import Cell, Form, laid_out
from yibao.appraise.forms.word import add_form
from yibao.paper.archive import steady
from yibao.proofread.findings import Severity
from yibao.proofread.read import read_package

YEAR = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"
FORMS = [form for attachment in attachments(appraise(YEAR)) for form in attachment.forms]


def document(*forms: Form) -> Document:
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.left_margin, section.right_margin = Cm(21), Cm(2), Cm(2)
    for form in forms:
        add_form(made, form)
    return made


def saved(made: Document) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return steady(out.getvalue())


def again(made: Document) -> Document:
    return docx.Document(io.BytesIO(saved(made)))


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_every_place_of_the_grid_reads_back(form: Form) -> None:
    """python-docx gives a merged cell at each of its places."""
    (table,) = again(document(form)).tables
    assert (len(table.rows), len(table.columns)) == (len(form.grid), form.columns)
    cells = [row.cells for row in table.rows]
    for r, c, cell in form.cells:
        for i in range(cell.rows):
            assert {cells[r + i][c + j].text for j in range(cell.columns)} == {cell.text}


def test_header_rows_are_repeated_and_no_others() -> None:
    form = next(form for form in FORMS if form.id == "government_fund")
    (table,) = again(document(form)).tables
    repeated = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True, True, False]


def test_the_table_is_as_wide_as_the_text() -> None:
    (table,) = document(FORMS[0]).tables
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    assert abs(sum(widths) - Cm(17) / 635) <= 1  # twentieths of a point


def test_fonts_are_named_for_chinese() -> None:
    made = document(FORMS[0])
    fonts: set[Any] = {element.get(qn("w:eastAsia")) for element in made.element.body.iter(qn("w:rFonts"))}
    assert fonts == {"方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"}


def test_title_unit_and_notes_stand_around_the_table() -> None:
    form = next(form for form in FORMS if form.id == "base_data")
    texts = [paragraph.text for paragraph in again(document(form)).paragraphs]
    assert texts == [form.title, f"{form.above}\t单位：万元", *form.below]


def test_a_report_may_set_the_title_itself() -> None:
    made = docx.Document()
    add_form(made, FORMS[1], title=False)
    assert FORMS[1].title not in [paragraph.text for paragraph in made.paragraphs]


def test_line_breaks_and_control_characters() -> None:
    form = Form("small", "表", "表", laid_out([[Cell("甲\n乙\x0b\x00丙")]]))
    (table,) = again(document(form)).tables
    assert table.cell(0, 0).text == "甲\n乙丙"


def test_the_forms_pass_the_proofreader(tmp_path: Path) -> None:
    (tmp_path / "附表.docx").write_bytes(saved(document(*FORMS)))
    reports = proofread.check_package(read_package(tmp_path))
    findings = [finding for report in reports for finding in report.findings]
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []


def test_the_same_form_gives_the_same_bytes() -> None:
    assert saved(document(*FORMS)) == saved(document(*FORMS))


def test_notes_below_never_stand_alone() -> None:
    form = next(form for form in FORMS if form.below)
    made = document(form)
    rows = made.tables[0]._tbl.findall(qn("w:tr"))
    kept = [all(p.find(f".//{qn('w:keepNext')}") is not None for p in row.iter(qn("w:p"))) for row in rows]
    assert kept[-2:] == [True, True]
    assert not any(kept[:-2])


def test_a_whole_form_stays_on_its_page() -> None:
    made = docx.Document()
    add_form(made, FORMS[0], whole=True)
    rows = made.tables[0]._tbl.findall(qn("w:tr"))
    assert [row.find(f".//{qn('w:keepNext')}") is not None for row in rows] == [*[True] * (len(rows) - 1), False]


def test_an_empty_cell_is_no_taller_than_a_filled_one() -> None:
    made = document(Form("x", "表", "表", laid_out([[Cell("")]]), header_rows=0))
    mark = made.tables[0]._tbl.find(f".//{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:sz')}")
    assert mark is not None
    assert mark.get(qn("w:val")) == "20"


def test_what_is_signed_stands_at_the_right_of_its_cell() -> None:
    block = Cell("部门意见：", label=True, signed=("负责人（签章）：", "年　月　日"))
    made = document(Form("x", "表", "表", laid_out([[block]]), header_rows=0))
    lines = [(p.text, p.alignment) for p in made.tables[0].cell(0, 0).paragraphs]
    assert [text for text, _ in lines] == ["部门意见：", "负责人（签章）：", "年　月　日"]
    assert lines[1][1] == lines[2][1] != lines[0][1]
