"""The example folder of each layout: its whole package is printed and passes the proofreader without a word."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.appraise.forms.recalculated import shown
from yibao.appraise.appraisal import appraise
from yibao.appraise.publish import blocking, publish
from yibao.appraise.report.composed import Report
from yibao.appraise.report.write import report_documents, reports_of
from yibao.proofread import check_package
from yibao.proofread.findings import Severity
from yibao.proofread.read import read_package

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
YEARS = {"岳阳": "yueyang-2025", "广东": "guangdong-2025", "决算": "accounts-2025"}
INSIDE = {"岳阳": "部门收支情况表.xlsx", "广东": "附件2-部门整体支出绩效自评评分表.xlsx", "决算": "部门决算公开表.xlsx"}


def first_report(layout: str) -> Report:
    year = EXAMPLES / YEARS[layout]
    return reports_of(appraise(year), year)[0]


def headings(report: Report, style: str) -> list[str]:
    return [p.text for _, p in report.paragraphs if p.style == style]


@pytest.mark.parametrize("layout", YEARS)
def test_its_package_has_no_finding(layout: str, tmp_path: Path) -> None:
    year = EXAMPLES / YEARS[layout]
    appraisal = appraise(year)
    assert blocking(appraisal) == ()
    paths = publish(appraisal, tmp_path, more=report_documents(reports_of(appraisal, year)))
    assert INSIDE[layout] in {path.name for path in paths}
    reports = check_package(read_package(tmp_path))
    found = [(f.kind, f.message) for r in reports for f in r.findings if f.severity is not Severity.INFO]
    assert found == []
    assert sum(len(report.checks) for report in reports) > 500


@pytest.mark.parametrize("layout", YEARS)
def test_the_same_year_gives_the_same_bytes(layout: str) -> None:
    year = EXAMPLES / YEARS[layout]
    first, second = (report_documents(reports_of(appraise(year), year)) for _ in range(2))
    assert [document.content for document in first] == [document.content for document in second]


@pytest.mark.parametrize("layout", YEARS)
def test_no_person_is_named(layout: str) -> None:
    """Examples leave the cells of names and telephone numbers to the pen."""
    for report in reports_of(appraise(EXAMPLES / YEARS[layout]), EXAMPLES / YEARS[layout]):
        assert not any(word in report.text for word in ("先生", "女士", "同志", "电话"))


def test_the_booklet_is_in_the_order_of_the_city() -> None:
    report = first_report("岳阳")
    assert headings(report, "level1") == [
        "一、部门（单位）基本概况", "二、部门（单位）收支情况", "三、部门（单位）整体支出绩效自评情况",
        "四、评价人员和意见", "五、评价报告综述",
    ]  # fmt: skip
    forms = [form.id for part in report.sections for s in (part, *part.sections) for form in s.forms]
    assert forms == [
        "booklet:profile", "institution:income", "institution:expense", "institution:three_public",
        "institution:assets", "booklet:targets", "booklet:people",
    ]  # fmt: skip
    assert report.cover_lines[0] == "部门（单位）名称：示例县医疗保障局"
    assert report.cover_foot == "示例县财政局（制）"


def test_guangdong_scores_under_its_four_headings() -> None:
    report = first_report("广东")
    assert headings(report, "level3")[:4] == [
        "1.预算编制情况", "2.预算执行情况", "3.预算监督情况", "4.预算使用效益",
    ]  # fmt: skip
    of_efficiency = [p.text for path, p in report.paragraphs if "4.预算使用效益" in path]
    assert any("三公" in text and "86.00%" in text for text in of_efficiency)
    assert not any("绩效指标明确性" in text for text in of_efficiency)


def test_final_accounts_are_a_book_with_contents() -> None:
    report = first_report("决算")
    assert headings(report, "part") == [
        "第一部分　部门概况", "第二部分　部门决算表", "第三部分　部门决算情况说明", "第四部分　名词解释", "第五部分　附件",
    ]  # fmt: skip
    assert len(headings(report, "table")) == 9
    assert [p.text for p in report.contents][3:5] == ["第二部分　部门决算表", "一、收入支出决算总表"]
    document = docx.Document(io.BytesIO(report_documents((report,))[0].content))
    assert [p.text for p in document.paragraphs].count("目　录") == 1


def test_final_accounts_go_through_every_item() -> None:
    text = first_report("决算").text
    item = "卫生健康支出（类）医疗保障管理事务（款）行政运行（项）。年初预算为180.00万元，支出决算为186.00万元，"
    assert f"5.{item}完成年初预算的103.33%，决算数大于年初预算数。原因是年中调整工资标准。" in text
    assert "9.住房保障支出（类）住房改革支出（款）住房公积金（项）" in text
    assert "2296013" not in text


def test_the_pages_of_wide_tables_lie_down_and_the_text_stands_up_again() -> None:
    document = docx.Document(io.BytesIO(report_documents((first_report("决算"),))[0].content))
    lying = [section.page_width > section.page_height for section in document.sections]  # type: ignore[operator]
    assert lying[0] is False
    assert any(lying)
    assert lying[lying.index(True) :].count(False) > 1
    assert all(section.footer.is_linked_to_previous for section in document.sections[1:])  # type: ignore[attr-defined]


@pytest.mark.parametrize("layout", YEARS)
def test_workbooks_inside_the_report_have_no_number(layout: str, tmp_path: Path) -> None:
    paths = publish(appraise(EXAMPLES / YEARS[layout]), tmp_path)
    numbers = [path.name[2] for path in paths if path.name.startswith("附件")]
    assert sorted(set(numbers)) == [str(n) for n in range(1, len(set(numbers)) + 1)]
    book = openpyxl.load_workbook(tmp_path / INSIDE[layout])
    assert all(sheet.protection.sheet and sheet.print_title_rows for sheet in book.worksheets)


@pytest.mark.parametrize("layout", YEARS)
def test_formulas_give_what_is_printed_and_are_locked(layout: str, tmp_path: Path) -> None:
    alive = 0
    for path in publish(appraise(EXAMPLES / YEARS[layout]), tmp_path):
        if path.name == "figures.xlsx":
            continue
        books = [openpyxl.load_workbook(path, data_only=values) for values in (False, True)]
        for sheet, stored in zip(*(book.worksheets for book in books), strict=True):
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f":
                        alive += 1
                        assert shown(sheet, cell.coordinate) == pytest.approx(stored[cell.coordinate].value)
                        assert cell.protection.locked
    assert alive > 50
