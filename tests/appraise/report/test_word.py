"""The report as a Word document: page and type of GB/T 9704, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.appraise.report.written import write_reports
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.forms.table import Cell, Form, laid_out
from yibao.appraise.report.compose import compose
from yibao.appraise.report.composed import Attachment, Report
from yibao.appraise.report.text import read_texts
from yibao.appraise.report.word import word_document
from yibao.appraise.report.write import report_documents

YEAR = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"
FORM = Form(
    "base_data",
    "基础数据表",
    "基础数据表",
    laid_out(
        [
            [Cell("项目", header=True), Cell("数", columns=2, header=True)],
            [Cell("甲", rows=2), Cell("1"), Cell("2")],
            [Cell("3"), Cell("4")],
        ]
    ),
    unit="万元",
    below=("注：样例",),
    landscape=True,
)


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return appraise(YEAR)


@pytest.fixture(scope="module")
def report(appraisal: Appraisal) -> Report:
    return compose(
        appraisal, read_texts(YEAR), [Attachment("基础数据表", (FORM,)), Attachment("另一张表", (FORM, FORM))]
    )[0]


@pytest.fixture(scope="module")
def document(report: Report) -> Any:
    return docx.Document(io.BytesIO(word_document(report)))


def test_the_page(document: Any) -> None:
    section = document.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(m.mm) for m in margins] == [37, 35, 28, 26]
    assert document.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml
    assert "PAGE" not in section.first_page_footer._element.xml  # the cover


@pytest.mark.parametrize(
    ("start", "font", "size", "indent"),
    [
        ("一、单位基本情况", "黑体", 16, "200"),
        ("（一）部门职能职责", "楷体_GB2312", 16, "200"),
        ("1.数量指标", "仿宋_GB2312", 16, "200"),
        ("2025年末，核定编制", "仿宋_GB2312", 16, "200"),
        ("绩效自评报告", "方正小标宋简体", 22, "0"),
    ],
)
def test_the_type(document: Any, start: str, font: str, size: int, indent: str) -> None:
    paragraph = [p for p in document.paragraphs if p.text.startswith(start)][-1]
    run = paragraph.runs[0]
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert run.font.size == Pt(size)
    assert paragraph._p.pPr.ind.get(qn("w:firstLineChars")) == indent


def test_lines_stand_28_points_apart(document: Any) -> None:
    body = next(p for p in document.paragraphs if p.text.startswith("2025年末，核定编制"))
    assert body.paragraph_format.line_spacing == Pt(28)


def test_fonts_that_are_missing_have_stand_ins(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(word_document(report))) as archive:
        table = archive.read("word/fontTable.xml").decode()
    for font in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312"):
        assert f'w:name="{font}"><w:altName' in table


def test_the_text_is_the_composed_one(document: Any, report: Report) -> None:
    texts = [p.text for p in document.paragraphs]
    composed = [p.text for _, p in report.paragraphs]
    at = texts.index(composed[0])
    assert texts[at : at + len(composed)] == composed


def test_forms_stand_on_their_own_pages_under_their_number(document: Any) -> None:
    labels = [p.text for p in document.paragraphs if p.text.startswith("附件")]
    assert labels == ["附件：1.基础数据表", "附件1", "附件2-1", "附件2-2"]
    assert [s.page_width > s.page_height for s in document.sections] == [False, True, True, True]
    assert len(document.tables) == 3
    assert document.tables[0].cell(0, 1).text == "数"


@pytest.mark.parametrize("layout", ["益阳", "岳阳", "广东"])
def test_same_input_same_bytes(appraisal: Appraisal, layout: str) -> None:
    first, second = ([word_document(r) for r in compose(appraisal, read_texts(YEAR), layout=layout)] for _ in range(2))
    assert first == second


def test_files_and_what_they_print(appraisal: Appraisal, tmp_path: Path) -> None:
    reports = compose(appraisal, read_texts(YEAR))
    paths = write_reports(reports, tmp_path / "新")
    assert [p.name for p in paths] == [f"{r.name}.docx" for r in reports]
    documents = report_documents(reports)
    assert {p.document for d in documents for p in d.printed} == {p.name for p in paths}
    drafts = report_documents(reports, draft=True)
    assert all("（草稿）" in p.document for d in drafts for p in d.printed)
    assert "草稿" in docx.Document(io.BytesIO(drafts[0].content)).paragraphs[0].text
