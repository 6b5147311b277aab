"""Pictures in reports: the book's numbers, a sentence before, a title below; none where there is too little to show."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from tests.appraise.filled import DATA, SHEET, changed, folder
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.quotes import _QUOTE
from yibao.appraise.report import write
from yibao.appraise.report.chart_plans import ItemsPlan, PanelPlan, YearsPlan
from yibao.appraise.report.charted import charted
from yibao.appraise.report.compose import compose
from yibao.appraise.report.composed import Picture, Report, printed
from yibao.appraise.report.layout import Item, SectionPlan, layouts
from yibao.appraise.report.speech import _CALL
from yibao.appraise.report.template import places
from yibao.appraise.report.text import read_texts
from yibao.appraise.report.voice import Voice
from yibao.appraise.report.word import word_document
from yibao.appraise.report.write import reports_of
from yibao.charts.shapes import AgainstPlan, Columns, PartsOfWholes
from yibao.vocabulary.figures import load_figures

YEAR = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"
FUND = """\
  - 来源: 基金表
    单位: 万元
    列: [2023年决算, 2024年决算, 2025年决算]
    数:
      fund.resident.opening: [—, 300, 340]
      fund.resident.income.total: [900, 1000, 1100]
      fund.resident.expense.total: [880, 960, 1080]
      fund.resident.closing: [—, 340, 360]
"""
IN_YUAN = """\
  - 来源: 另一份表
    数:
      fund.resident.expense.total: {数值: 10800000元, 口径: 决算}
"""
ITEMS = """\
  - 来源: 基础数据表
    单位: 万元
    列: [预算, 决算]
    数:
      dept.expense.public: [20, 18]
      dept.office: [5, 4]
      dept.meeting: [0, 1]
"""
MORE_ITEM = "      dept.meeting_training: [2, 1]\n"
OWN = {"图", "首年", "末年", "最高项", "最高项计划", "最高项结果", "最高比率", "扣分项"}


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return appraise(YEAR)


@pytest.fixture(scope="module")
def reports(appraisal: Appraisal) -> tuple[Report, ...]:
    return compose(appraisal, read_texts(YEAR))


def pictures(report: Report) -> list[Picture]:
    return [paragraph.picture for _, paragraph in report.paragraphs if paragraph.picture]


def drawn(tmp_path: Path, chart: str, data: str = DATA, sheet: str | None = SHEET) -> Picture | None:
    """A picture of the layout 益阳 for a small year."""
    made = appraise(folder(tmp_path, data=data, sheet=sheet))
    layout = layouts()["益阳"]
    found = charted(Voice(made, layout.rounding, made.sheets[0] if made.sheets else None), layout.charts[chart], 1)
    return found[1].picture if found else None


# ---- the Yiyang year -------------------------------------------------------------------------------------------


def test_the_pictures_of_the_example(reports: tuple[Report, ...]) -> None:
    assert [[(p.number, p.title) for p in pictures(report)] for report in reports] == [
        [
            (1, "2025年主要经费的预算与决算"),
            (2, "2024—2025年职工医保基金收支和期末滚存结余"),
            (3, "2024—2025年城乡居民医保基金收支和期末滚存结余"),
            (4, "2025年度各项指标的分值和得分"),
        ],
        [(1, "2025年度各项指标的分值和得分")],
        [],  # full marks: a sentence says it all
    ]


@pytest.mark.parametrize("layout", ["益阳", "岳阳", "广东"])
def test_every_label_is_the_books(appraisal: Appraisal, layout: str) -> None:
    chosen = appraisal.book.chosen
    for report in compose(appraisal, read_texts(YEAR), layout=layout):
        for picture in pictures(report):
            labels = [chosen[key].number.text for key in picture.keys]
            if isinstance(picture.chart, Columns):
                assert sorted(labels) == sorted(m.label for p in picture.chart.panels for _, _, m in p.columns)
            elif isinstance(picture.chart, AgainstPlan):
                assert labels == [m.label for row in picture.chart.rows for m in (row.plan, row.result)]
            else:
                assert labels == []


def test_the_balance_before_the_first_year_is_its_opening_one(reports: tuple[Report, ...]) -> None:
    chart = pictures(reports[0])[1].chart
    assert isinstance(chart, Columns)
    assert [(period, mark.label) for period, _, mark in chart.panels[1].columns] == [
        ("2023年末", "326637"),
        ("2024年末", "345485"),
        ("2025年末", "366954"),
    ]


def test_items_stand_by_their_rate(reports: tuple[Report, ...]) -> None:
    chart = pictures(reports[0])[0].chart
    assert isinstance(chart, AgainstPlan)
    assert [(row.name, row.percent.label) for row in chart.rows] == [
        ("会议费、培训费", "322.00%"),
        ("水费、电费、差旅费", "149.11%"),
        ("公用经费", "138.65%"),
        ("办公费", "122.68%"),
        ("公务用车运行维护费", "38.67%"),
        ("“三公”经费", "12.09%"),
        ("公务接待费", "0.93%"),
    ]


def test_scores_stand_beside_their_weights(appraisal: Appraisal, reports: tuple[Report, ...]) -> None:
    chart = pictures(reports[0])[3].chart
    assert isinstance(chart, PartsOfWholes)
    assert sum(row.reached.value for row in chart.rows) == appraisal.sheets[0].total
    assert [(row.name, row.missing) for row in chart.rows if row.missing] == [("预算执行率", "扣0.46分")]


@pytest.mark.parametrize(
    "sentence",
    [
        "主要经费的预算与决算见图1，决算与预算相比最高的是会议费、培训费：预算2万元，决算6.44万元，决算为预算的322.00%。",
        "职工医保基金的收支和期末滚存结余见图2，期末滚存结余比上年增加21469万元，增长6.21%。",
        "各项指标的分值和得分见图4，扣分的是预算执行率。",
    ],
)
def test_a_sentence_leads_to_each_picture(reports: tuple[Report, ...], sentence: str) -> None:
    assert sentence in reports[0].text


def test_the_register_says_that_a_picture_prints_a_figure(reports: tuple[Report, ...]) -> None:
    places = {(p.key.figure, p.key.year, p.place) for p in printed(reports[0], "报告.docx")}
    where = "五、社会保险基金预决算收支情况 （一）城镇职工基本医疗（含生育）保险基金情况 图2"
    assert {("fund.employee.closing", 2025, where), ("fund.employee.opening", 2024, where)} <= places


# ---- too little to show ----------------------------------------------------------------------------------------


def test_years_as_many_as_were_typed(tmp_path: Path) -> None:
    picture = drawn(tmp_path, "resident_fund", DATA + FUND)
    assert picture is not None
    assert isinstance(picture.chart, Columns)
    assert [panel.periods for panel in picture.chart.panels] == [
        ("2023年", "2024年", "2025年"),
        ("2023年末", "2024年末", "2025年末"),
    ]
    assert picture.title.startswith("2023—2025年")


def test_one_year_of_income_is_no_picture(tmp_path: Path) -> None:
    data = re.sub(r"(income.total|expense.total): \[\d+, \d+,", r"\1: [—, —,", FUND)
    assert drawn(tmp_path, "resident_fund", DATA + data) is None


def test_years_end_at_the_first_gap(tmp_path: Path) -> None:
    assert drawn(tmp_path, "resident_fund", DATA + changed(FUND, "[900, 1000, 1100]", "[900, —, 1100]")) is None


def test_amounts_in_two_units_are_not_drawn_together(tmp_path: Path) -> None:
    assert drawn(tmp_path, "resident_fund", DATA + FUND) is not None
    other = changed(FUND, "[880, 960, 1080]", "[880, 960, —]") + IN_YUAN
    assert drawn(tmp_path / "other", "resident_fund", DATA + other) is None


def test_two_items_are_no_picture(tmp_path: Path) -> None:
    assert drawn(tmp_path, "expenses", DATA + ITEMS) is None


def test_three_items_are_one(tmp_path: Path) -> None:
    picture = drawn(tmp_path, "expenses", DATA + ITEMS + MORE_ITEM)
    assert picture is not None
    assert isinstance(picture.chart, AgainstPlan)
    assert [row.name for row in picture.chart.rows] == ["公用经费", "办公费", "会议费、培训费"]


def test_an_item_without_a_plan_has_no_rate(tmp_path: Path) -> None:
    zero = changed(MORE_ITEM, "[2, 1]", "[0, 1]")
    assert drawn(tmp_path, "expenses", DATA + ITEMS + zero) is None


def test_two_highest_rates_are_not_told_apart(appraisal: Appraisal, tmp_path: Path) -> None:
    same = changed(MORE_ITEM, "[2, 1]", "[10, 9]")
    made = appraise(folder(tmp_path, data=DATA + ITEMS + same))
    layout = layouts()["益阳"]
    lead, *_ = charted(Voice(made, layout.rounding), layout.charts["expenses"], 1)
    assert lead.text == "主要经费的预算与决算见图1。"


def test_two_projects_are_no_picture(reports: tuple[Report, ...]) -> None:
    assert not any("各项目的全年预算" in report.text for report in reports)


def test_each_project_is_an_item(appraisal: Appraisal) -> None:
    plan = layouts()["益阳"].charts["projects"]
    assert isinstance(plan, ItemsPlan)
    _, picture, title = charted(Voice(appraisal, layouts()["益阳"].rounding), plan.model_copy(update={"least": 2}), 7)
    assert picture.picture is not None
    assert isinstance(picture.picture.chart, AgainstPlan)
    assert [(row.name, row.percent.label) for row in picture.picture.chart.rows] == [
        ("年初-场地运转经费补助", "100.00%"),
        ("医疗服务与保障能力提升补助资金", "92.25%"),
    ]
    assert title.text == "图7　2025年各项目的全年预算与决算"


def test_a_form_with_few_rows_is_not_drawn(tmp_path: Path) -> None:
    rows = [line for line in SHEET.splitlines(keepends=True) if "待遇发放" not in line and "满意度" not in line]
    sheet = "".join(rows).replace("分值: 40}", "分值: 70}").replace("分值: 60, 得分: 60", "分值: 70, 得分: 70")
    assert drawn(tmp_path, "scores", sheet=sheet) is None
    assert drawn(tmp_path / "whole", "scores") is not None


# ---- layouts ---------------------------------------------------------------------------------------------------


def items(sections: tuple[SectionPlan, ...]) -> list[Item]:
    return [item for section in sections for item in (*section.body, *items(section.sections))]


@pytest.mark.parametrize("name", layouts())
def test_every_picture_and_figure_is_known(name: str) -> None:
    layout = layouts()[name]
    assert {i.chart for plan in layout.plans for i in items(plan.sections)} - {""} <= set(layout.charts)
    for plan in layout.charts.values():
        if isinstance(plan, YearsPlan):
            named = [f for panel in plan.panels for f in (*panel.series.values(), panel.opening) if f]
        else:
            named = list(plan.items.values()) if isinstance(plan, ItemsPlan) else []
        for place in (p for template in (plan.title, plan.lead) for p in places(template)):
            call = _CALL.fullmatch(place)
            named += [call["arguments"]] if call else []
            assert call or place in OWN | {"年度"}, place
        assert all((found := _QUOTE.fullmatch(f"{{{f}}}")) and found["figure"] in load_figures() for f in named), named


def test_an_opening_figure_opens_one_figure() -> None:
    with pytest.raises(ValueError, match="opens one figure"):
        PanelPlan(name="结余", series={"甲": "fund.employee.closing", "乙": "fund.resident.closing"}, opening="x")


# ---- in the document -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def document(reports: tuple[Report, ...]) -> Any:
    return docx.Document(io.BytesIO(word_document(reports[0])))


def test_a_picture_stands_over_its_title_in_its_own_height(document: Any, reports: tuple[Report, ...]) -> None:
    found = [at for at, p in enumerate(document.paragraphs) if p._p.findall(".//" + qn("w:drawing"))]
    assert len(found) == 4
    for at, picture in zip(found, pictures(reports[0]), strict=True):
        paragraph, title = document.paragraphs[at], document.paragraphs[at + 1]
        assert title.text == f"图{picture.number}　{picture.title}"
        assert paragraph.paragraph_format.keep_with_next
        assert paragraph._p.pPr.spacing.get(qn("w:lineRule")) == "auto"


def test_a_picture_is_told_in_words_and_fits_between_the_margins(document: Any, reports: tuple[Report, ...]) -> None:
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert [shape.width <= room for shape in document.inline_shapes] == [True] * 4
    told = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert told == [picture.alt for picture in pictures(reports[0])]
    assert told[1].startswith("图2 2024—2025年职工医保基金收支和期末滚存结余。柱形图（单位：万元）。")


def test_without_the_libraries_the_report_goes_without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "available", lambda: False)
    report, *others = reports_of(appraise(YEAR), YEAR)
    assert "图1" not in report.text
    assert not any(map(pictures, (report, *others)))
    assert [remark.said for r in (report, *others) for remark in r.remarks if "没有画图" in remark.said] == [
        write.NO_PICTURES
    ]


def test_with_them_nothing_is_remarked(appraisal: Appraisal) -> None:
    remarks = [remark for report in reports_of(appraisal, YEAR) for remark in report.remarks]
    assert not any("画图" in remark.said for remark in remarks)


def test_a_figure_that_is_not_printed_is_not_drawn(appraisal: Appraisal) -> None:
    layout, book = layouts()["益阳"], appraisal.book
    key = next(key for key in book.chosen if key.figure == "fund.employee.income.total" and key.year == 2024)
    hidden = replace(appraisal, book=replace(book, withheld={**book.withheld, key: "不印"}))
    assert charted(Voice(hidden, layout.rounding), layout.charts["employee_fund"], 1) == ()
