"""The reports of the Yiyang year and of a small one: what they print is what the book has."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.appraise.filled import DATA, folder, more
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.forms.table import Cell, Form, laid_out
from yibao.appraise.report.compose import compose
from yibao.appraise.report.composed import Attachment, Report, printed
from yibao.appraise.report.text import read_texts
from yibao.errors import UserError

YEAR = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return appraise(YEAR)


@pytest.fixture(scope="module")
def reports(appraisal: Appraisal) -> tuple[Report, ...]:
    return compose(appraisal, read_texts(YEAR))


def test_a_report_of_the_department_and_one_of_each_project(reports: tuple[Report, ...]) -> None:
    assert [report.name for report in reports] == [
        "2025年度部门整体支出绩效自评报告",
        "2025年度项目支出绩效自评报告-医疗服务与保障能力提升补助资金",
        "2025年度项目支出绩效自评报告-年初-场地运转经费补助",
    ]


def test_the_sections_are_those_of_the_published_report(reports: tuple[Report, ...]) -> None:
    assert [s.heading.text for s in reports[0].sections if s.heading] == [
        "一、单位基本情况",
        "二、一般公共预算支出情况",
        "三、政府性基金预算支出情况",
        "四、国有资本经营预算支出情况",
        "五、社会保险基金预决算收支情况",
        "六、部门整体支出绩效情况",
        "七、存在的问题及原因分析",
        "八、下一步改进措施",
        "九、部门整体支出绩效自评结果拟应用和公开情况",
        "十、其他需要说明的情况",
    ]


@pytest.mark.parametrize("layout", ["益阳", "岳阳", "广东"])
def test_every_quoted_number_is_the_books(appraisal: Appraisal, layout: str) -> None:
    quoted = 0
    for report in compose(appraisal, read_texts(YEAR), layout=layout):
        for _, paragraph in report.paragraphs:
            for at, run in paragraph.figures:
                assert paragraph.text[at : at + len(run.text)] == run.text
                if run.key is not None:
                    quoted += 1
                    assert run.text == appraisal.book.chosen[run.key].number.printed
    assert quoted > 60


@pytest.mark.parametrize(
    "words",
    [
        "日常公用经费308.88万元，占基本支出的22.52%",
        "期末滚存结余366954万元，按当年支出测算可支付23.6个月",
        "人均基金收入1082元，人均基金支出1058元",
        "总收入207806万元，比上年增加4736万元，增长2.33%",
        "“三公”经费控制率12.09%",
        "预算控制率183.86%（全年预算÷年初预算）",
        "总分值100分，自评得分99.54分，等次为优",
        "2.社会效益指标（指标分值25分，得分25分）",
        "直属单位3个（副处级事业单位1个、正科级事业单位2个）",
        "于2026年4月14日至4月18日进行",
    ],
)
def test_what_is_computed(reports: tuple[Report, ...], words: str) -> None:
    assert words in reports[0].text


def test_what_was_not_chosen_is_not_printed(reports: tuple[Report, ...]) -> None:
    text = "\n".join(report.text for report in reports)
    for rejected in ("43.42", "23.92", "19.50万人", "1123.77", "20092.71", "11.43%", "直属单位4个", "2025年4月14日"):
        assert rejected not in text


@pytest.mark.parametrize(("layout", "first"), [("益阳", "1.医疗服务"), ("广东", "①医疗服务")])
def test_a_list_has_other_numbers_than_the_headings_around_it(appraisal: Appraisal, layout: str, first: str) -> None:
    text = compose(appraisal, read_texts(YEAR), layout=layout)[0].text
    assert f"\n{first}" in text


def test_both_parts_of_basic_expenditure_stand_behind_one_word(tmp_path: Path) -> None:
    """其中 twice would make the second a part of the first."""
    year = small(tmp_path)
    data = year / "figures" / "数据" / "全部.yaml"
    parts = (
        "dept.expense.personnel: {数值: 300万元, 口径: 决算}\n      dept.expense.public: {数值: 200万元, 口径: 决算}"
    )
    data.write_text(more(parts, data.read_text(encoding="utf-8"), "附表"), encoding="utf-8")
    (report,) = compose(appraise(year), read_texts(year))
    assert "其中：人员经费300万元，占基本支出的60.00%；日常公用经费200万元，占40.00%。" in report.text


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (
            "reception: [1, 1, 1]\n      dept.three_public.vehicle_purchase: [—, 15, 15]",
            "；公务用车购置费支出决算15万元。",
        ),
        (
            "reception: [0, 0, 1]\n      dept.three_public.vehicle_purchase: [—, 0, 0]",
            "；公务接待费支出预算0万元，支出决算1万元。",
        ),
    ],
)
def test_every_kind_of_three_public_money_is_named(tmp_path: Path, kinds: str, said: str) -> None:
    """A list of two of three kinds reads as if it were all."""
    year = small(tmp_path)
    block = f"""\
数据:
  - 来源: 三公经费表
    单位: 万元
    列: [2024年决算, 2025年预算, 2025年决算]
    数:
      dept.three_public.vehicle_running: [3, 2, 2]
      dept.three_public.{kinds}
"""
    (year / "figures" / "数据" / "三公.yaml").write_text(block, encoding="utf-8")
    assert said in compose(appraise(year), read_texts(year))[0].text


def test_the_place_is_called_what_it_is(reports: tuple[Report, ...], tmp_path: Path) -> None:
    year = small(tmp_path)
    assert "和全市基本医疗" in reports[0].text
    assert "和全县基本医疗" in compose(appraise(year), read_texts(year))[0].text


def test_a_row_of_a_project_tells_the_projects_money(tmp_path: Path) -> None:
    """Not the department's, which is quoted by the same figure."""
    money = "dept.funds.total: {数值: 25.50, 单位: 万元, 口径: 决算, 范围: 甲项目}"
    budget = "dept.funds.total: {数值: 30, 单位: 万元, 口径: 全年预算, 范围: 甲项目}"
    year = small(tmp_path)
    data = year / "figures" / "数据" / "全部.yaml"
    text = more(budget, more(money, data.read_text(encoding="utf-8"), "台账"), "批复")
    data.write_text(text, encoding="utf-8")
    sheet = """\
名称: 项目支出绩效自评表
类型: 项目支出
项目: 甲项目
资金: {全年预算: 30, 全年执行: "{dept.funds.total/甲项目}", 分值: 10, 偏差原因及改进措施: 下年支付}
指标:
  - {一级: 产出指标, 二级: 质量指标, 三级: 质量, 方向: 定性, 目标: 好, 实际: 好, 分值: 40, 得分: 40}
  - {一级: 效益指标, 二级: 社会效益指标, 三级: 效益, 方向: 定性, 目标: 好, 实际: 好, 分值: 10, 得分: 10}
  - {一级: 成本指标, 二级: 经济成本指标, 三级: 成本, 方向: ≤, 目标: 30, 单位: 万元, 实际: "{dept.funds.total/甲项目}", 分值: 40}
"""
    (year / "figures" / "指标" / "项目-甲.yaml").write_text(sheet, encoding="utf-8")
    report = compose(appraise(year), read_texts(year))[1]
    assert "成本：年度指标值≤30万元，实际完成值25.50万元。" in report.text


def test_every_deviation_stands_with_its_reason(appraisal: Appraisal, reports: tuple[Report, ...]) -> None:
    assert len(appraisal.deviations) == 10
    for deviation in appraisal.deviations:
        assert deviation.reason.rstrip("。；") in reports[0].text


def test_what_is_printed_is_listed(reports: tuple[Report, ...]) -> None:
    places = {p.place for p in printed(reports[0], "报告.docx") if p.key.figure == "dept.expense.public"}
    assert any(place.startswith("二、一般公共预算支出情况 （一）基本支出情况 第") for place in places)
    assert any(place.startswith("七、存在的问题及原因分析") for place in places)


def test_composing_is_pure(appraisal: Appraisal, reports: tuple[Report, ...]) -> None:
    assert compose(appraisal, read_texts(YEAR)) == reports


def test_forms_stand_behind_the_report_that_wants_them(appraisal: Appraisal) -> None:
    forms = [Form(id, id, id, laid_out([[Cell("甲")]])) for id in ("base_data", "project:年初-场地运转经费补助")]
    attachments = [Attachment("基础数据表", (forms[0],)), Attachment("项目支出绩效自评表", (forms[1],))]
    made = compose(appraisal, read_texts(YEAR), attachments)
    assert [[a.title for a in report.attachments] for report in made] == [
        ["基础数据表", "项目支出绩效自评表"],
        [],
        ["项目支出绩效自评表"],
    ]


def small(tmp_path: Path, **changed: str) -> Path:
    """A year with the texts that the layout needs; a text given as "" is left out."""
    year = folder(
        tmp_path,
        data=more(
            "dept.expense.general: {数值: 601.5万元, 口径: 决算}\n      dept.expense.basic: {数值: 500万元, 口径: 决算}",
            DATA,
        ),
    )
    root = year / "figures" / "文字"
    root.mkdir()
    texts = dict.fromkeys(("职能职责", "政府性基金", "国有资本", "基金管理", "问题", "措施", "结果应用"), "有。")
    for name, words in (texts | changed).items():
        if words:
            (root / f"{name}.md").write_text(words, encoding="utf-8")
    return year


def test_a_small_year_leaves_out_what_it_does_not_have(tmp_path: Path) -> None:
    year = small(tmp_path)
    (report,) = compose(appraise(year), read_texts(year))
    assert "三公" not in report.text
    assert "退休" not in report.text
    assert "二、一般公共预算支出情况" in report.text
    assert [s.heading.text[:2] for s in report.sections if s.heading] == [f"{c}、" for c in "一二三四五六七八九"] + [
        "十、"
    ]
    assert any("项目支出情况" in r.place for r in report.remarks)


@pytest.mark.parametrize("name", ["职能职责", "措施", "结果应用"])
def test_a_needed_text_is_asked_for(tmp_path: Path, name: str) -> None:
    year = small(tmp_path, **{name: ""})
    with pytest.raises(UserError, match=f"文字/{name}.md"):
        compose(appraise(year), read_texts(year))


def test_a_needed_figure_is_named(tmp_path: Path) -> None:
    year = small(tmp_path, 政府性基金="")
    with pytest.raises(
        UserError, match=r"“政府性基金预算支出情况”一节没有内容：.*2025年 政府性基金预算财政拨款支出 决算"
    ):
        compose(appraise(year), read_texts(year))


def test_a_text_that_no_section_uses_is_pointed_out(tmp_path: Path) -> None:
    year = small(tmp_path, 写错了名字="有。", 措施="2024年的老话。")
    (report,) = compose(appraise(year), read_texts(year))
    told = {remark.place: remark.said for remark in report.remarks}
    assert "没有用到" in told["文字/写错了名字.md"]
    assert "还写着 2024 年" in told["文字/措施.md 第 1 行"]


def test_no_form_no_report(appraisal: Appraisal) -> None:
    with pytest.raises(UserError, match="没有报告可写"):
        compose(replace(appraisal, sheets=()), {})


def test_the_example_holds_no_typed_amounts(tmp_path: Path) -> None:
    """Its own words quote every amount, and name nobody to call."""
    for own in read_texts(YEAR).values():
        for line in own.lines:
            assert not re.search(r"\d[\d.]*\s*(万元|%|万人|人|家)", re.sub(r"\{[^{}]*\}", "", line.words)), line
            assert not re.search(r"1[3-9]\d{9}", line.words)


def test_without_texts_the_example_is_refused(tmp_path: Path) -> None:
    shutil.copytree(YEAR / "figures", tmp_path / "figures")
    shutil.rmtree(tmp_path / "figures" / "文字")
    with pytest.raises(UserError, match="请补填"):
        compose(appraise(tmp_path), read_texts(tmp_path))
