"""The base-data table: sums, subsets, control rates."""

import pytest

from tests.proofread.forms.lines import context, failed, table, verdicts
from yibao.proofread.document import Cell, Table
from yibao.proofread.forms.basedata import recognise
from yibao.proofread.forms.facts import Form

COUNTY = """
财政供养人员情况（人）|编制数||2031年实际在职人数||控制率
|50||48||96.00%
经费控制情况（万元）|2030年决算数||2031年预算数||2031年决算数
三公经费|6.5||8||5.25
1、公务用车购置和维护经费|4||5||3.75
其中：公车购置|||||
公车运行维护|4||5||3.75
2、出国经费|||||
3、公务接待|2.5||3||1.5
项目支出：|30||42.5||41
1、业务经费|20||30||29.5
其中：设备租用|5||6||6.5
2、运行维护经费|10||12.5||11.5
公用经费|60||55||54.2
其中：办公费|12||10||9.8
会议费、培训费|2||2||2.1
政府采购金额|—||7.5||7.5
部门基本支出预算调整|—||300||310
楼堂馆所控制情况（2031年完工项目）|批复规模（m2）|实际规模（m2）|规模控制率|预算投资（万元）|实际投资（万元）|投资概算控制率
某楼|200|190|95%|50|45|90%
"""
# another hand: two label columns, other names, 其他 closes the list
CITY = """
类别|指标|2030年决算数|2031年预算数|2031年决算数
经费（万元）|三公经费合计|3.1|3|2.6
|因公出国（境）费||||
|公务接待费|1.1|1|0.6
|公务用车运行维护费|2|2|2
|项目支出|12|15|14.5
|1.宣传项目|7|8|8
|2.监管项目|5|7|6.5
|公用经费|20|21|20.5
|其中：办公费|8|9|8.5
|其他|12|12|12
"""
LAYOUTS = {"county": COUNTY, "city": CITY}


def form(text: str) -> Form:
    found = recognise(table(text, "2031年度部门整体支出绩效评价基础数据表"), context())
    assert found is not None
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_in_order_has_no_finding(layout: str) -> None:
    found = form(LAYOUTS[layout])
    assert [c.message for c in failed(found.checks)] == []
    assert len(verdicts(found.checks, "table_sum")) >= 6


@pytest.mark.parametrize(
    ("layout", "right", "wrong", "kind"),
    [
        ("county", "96.00%", "86.00%", "control_rate"),
        ("county", "三公经费|6.5", "三公经费|5.6", "table_sum"),
        ("county", "公车运行维护|4||5||3.75", "公车运行维护|4||5||3.57", "table_sum"),
        ("county", "项目支出：|30||42.5||41", "项目支出：|30||42.5||51", "table_sum"),
        ("county", "其中：办公费|12", "其中：办公费|62", "subset_sum"),
        ("county", "其中：设备租用|5||6||6.5", "其中：设备租用|5||6||56", "subset_sum"),
        ("county", "50|45|90%", "50|45|95%", "control_rate"),
        ("city", "|公务接待费|1.1|1|0.6", "|公务接待费|1.1|1|6", "table_sum"),
        ("city", "|其他|12|12|12", "|其他|12|12|21", "table_sum"),
    ],
)
def test_one_wrong_number_is_found(layout: str, right: str, wrong: str, kind: str) -> None:
    assert right in LAYOUTS[layout]
    assert "inconsistent" in verdicts(form(LAYOUTS[layout].replace(right, wrong, 1)).checks, kind)


def test_a_vehicle_line_that_repeats_the_total_is_one_cause() -> None:
    text = COUNTY.replace("1、公务用车购置和维护经费|4||5||3.75", "1、公务用车购置和维护经费|6.5||8||5.25")
    broken = [c for c in form(text).checks if c.verdict == "inconsistent"]
    assert len(broken) == 6
    assert len({c.group for c in broken}) == 1
    assert "公务用车购置和维护经费" in broken[0].cause


def test_whole_amounts_are_not_rounded_amounts() -> None:
    assert "inconsistent" in verdicts(form(COUNTY.replace("三公经费|6.5||8", "三公经费|6.5||9")).checks, "table_sum")


def test_capped_spending_far_above_its_budget_is_a_warning() -> None:
    found = form(COUNTY.replace("会议费、培训费|2||2||2.1", "会议费、培训费|2||2||5.5"))
    assert [str(c.verdict) for c in found.checks if "会议费" in c.message and c.kind == "control_rate"] == [
        "suspicious"
    ]


def test_more_people_than_posts_need_a_word() -> None:
    found = form(COUNTY.replace("50||48||96.00%", "50||55||110.00%"))
    assert verdicts(found.checks, "control_rate")[:2] == ["consistent", "suspicious"]


def test_facts_have_figure_year_and_basis() -> None:
    facts = {(f.figure, f.year, f.basis): str(f.quantity.value) for f in form(COUNTY).facts}
    assert facts["dept.staff.establishment", 2031, "final"] == "50"
    assert facts["dept.staff.in_post", 2031, "final"] == "48"
    assert facts["dept.three_public.reception", 2030, "final"] == "2.5"
    assert facts["dept.expense.project", 2031, "budget"] == "42.5"
    assert facts["dept.procurement.total", 2031, "final"] == "7.5"
    assert facts["dept.expense.basic", 2031, "final"] == "310"


@pytest.mark.parametrize("text", ["", "甲|乙\n1|2\n3|4\n5|6", "项目|2030年决算数|2031年预算数\n甲|1|2\n乙|1|2\n丙|1|2"])
def test_other_tables_are_left_alone(text: str) -> None:
    assert recognise(table(text), context()) is None


def test_hostile_tables_do_not_crash() -> None:
    wide = tuple(Cell("三公经费", 0, c) for c in range(10_000))
    assert recognise(Table((wide, wide, wide, wide)), context()) is None
