"""Scoring tables of seven layouts: points, scores, funds, grade."""

from dataclasses import replace

import pytest

from tests.proofread.forms.lines import context, failed, table, verdicts
from yibao.proofread.document import Cell, Table
from yibao.proofread.findings import Check, Severity
from yibao.proofread.forms import read_table
from yibao.proofread.forms.facts import Form
from yibao.proofread.forms.scoresheet import recognise

# the standard project sheet: funds on top, levels with points in brackets, merged levels left blank
PROJECT = """
项目名称|设备更新项目|||||||
主管部门|某局|||实施单位|某中心|||
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分|
|年度资金总额|40|50|45.5|10|91%|9.1|
|其中：当年财政拨款|30|40|35.5|—|88.75%|—|
|上年结转资金|10|10|10|—|100%|—|
|其他资金||||—||—|
年度总体目标|预期目标||||实际完成情况|||
|换装设备||||已换装|||
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
|产出指标（50分）|数量指标（20分）|换装台数|≥30台|32台|20|20|
||质量指标（15分）|验收合格率|≥95%|100%|15|15|
||时效指标（15分）|完成时间|12月底前|11月|15|15|
|效益指标（20分）|社会效益指标（20分）|故障下降|有效下降|有所下降|20|18|设备磨合
|满意度指标（10分）|服务对象满意度指标（10分）|使用者满意度|≥90%|92%|10|10|
|成本指标（10分）|经济成本指标（10分）|设备总价|≤50万元|45.5万元|10|10|
总分||||||100|97.1|
填报人：张某|填报日期：2032年3月1日|||||||
"""
# the bureau's sheet: sources and kinds of spending inside their cells
WHOLE = """
预算部门|某市某局||||||
年度预算申请（万元）|年度资金总额|年初预算数|全年预算数|全年执行数|分值|执行率|得分
||300.5|360.5|350|10|97.09%|9.71
|按收入性质分：360.5万||||按支出性质分：350万||
|其中：一般公共预算：350.5万||||其中：基本支出：210万||
|政府性基金拨款：10万||||项目支出：140万||
|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
|产出指标|数量指标|检查家数|≥60家|66家|30|30
||质量指标|办结率|100%|100%|20|20
|效益指标|社会效益指标|知晓率|≥80%|85%|30|30
|满意度指标|服务对象满意度指标|群众满意度|≥90%|96%|10|10
总分||||||100|99.71
评价等次|优秀||||||
"""
# operator and unit in columns of their own, level points in columns, execution among the indicators
COLUMNS = """
一级指标|分值|二级指标|分值|三级指标|指标性质|指标值|度量单位|完成值|权重|得分|未完成原因
预算执行|10|预算执行|10|预算执行率|≥|100|%|95|10|9.5|年底结转
产出指标|60|数量指标|30|受理件数|≥|500|件|520|30|30|
||质量指标|30|准确率|≥|98|%|99|30|30|
效益指标|30|社会效益|30|投诉率|≤|2|%|1.5|30|30|
合计|100||||||||100|99.5|
"""
# criteria instead of targets, subtotals, points written with 分
CRITERIA = """
一级指标|二级指标|三级指标|分值|评分标准|自评得分|备注
投入指标|目标设定|目标合理|5分|符合的得满分|5分|
|预算配置|人员控制|5分|不超编的得满分|4分|借调
小计|||10分||9分|
过程指标|预算执行|完成率|20分|按比例|19.5分|
|预算管理|制度健全|20分|缺一项扣一分|20分|
小计|||40分||39.5分|
产出指标|职责履行|重点工作|50分|完成得满分|50分|
合计|||100分||98.5分|
"""
# one number a line
BOOKLET = """
评价内容|绩效目标|完成情况
产出目标|质量指标|指标1：控制率达标|20
||指标2：支付及时|30
效益目标|社会效益|指标1：办事便利|25
|满意度|指标1：来访者认可|20
绩效自评综合得分|||95
"""
# a header of two rows
TWO_ROWS = """
绩效指标|||指标值||分值|得分
一级指标|二级指标|三级指标|年度目标值|实际完成值||
产出指标|数量指标|巡查次数|≥12次|12次|60|60
效益指标|社会效益指标|覆盖率|≥90%|92%|40|40
总分|||||100|100
"""
# ragged conversion: a cell too many, a level cell slid left
RAGGED = """
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因
|产出指标|数量指标|培训场次|≥8场|9场|40|40|
||质量指标|资料齐全|齐全|资料齐全并归档||20|20
效益指标|社会效益指标|咨询量|稳步上升|咨询量上升||20|20|
||满意度指标|服务对象满意度指标|学员满意度|≥90%|95%|20|20
总分||||||100|100|
"""
# labels and values in cells of their own; the government fund among the kinds of spending
THREE_KINDS = """
预算部门|某市某局||||||
年度预算申请（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
|年度资金总额|300.5|360.5|350|10|97.09%|9.71
|按收入性质分||360.5|按支出性质分|||350
|其中：一般公共预算||350.5|其中：基本支出|||210
|政府性基金拨款||10|项目支出|||130
||||政府性基金预算支出|||10
|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
|产出指标|数量指标|检查家数|≥60家|66家|50|50
|效益指标|社会效益指标|知晓率|≥80%|85%|40|40
总分||||||100|99.71
"""
LAYOUTS = {
    "three kinds": THREE_KINDS, "project": PROJECT, "whole": WHOLE, "columns": COLUMNS, "criteria": CRITERIA, "booklet": BOOKLET,
    "two rows": TWO_ROWS, "ragged": RAGGED,
}  # fmt: skip


def form(text: str, caption: str = "2031年度绩效自评表", *, rules: bool = True) -> Form:
    found = recognise(table(text, caption), context(rules=rules))
    assert found is not None
    return found


def one(found: Form, kind: str, word: str = "") -> Check:
    return next(c for c in found.checks if c.kind == kind and word in c.message)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_sheet_in_order_has_no_finding(layout: str) -> None:
    found = form(LAYOUTS[layout])
    assert [c.message for c in failed(found.checks)] == []
    assert verdicts(found.checks, "score_sum")[-1] == "consistent"


@pytest.mark.parametrize(
    ("layout", "right", "wrong", "kind"),
    [
        ("three kinds", "|政府性基金预算支出|||10", "|政府性基金预算支出|||100", "table_sum"),
        ("project", "数量指标（20分）", "数量指标（25分）", "weight_sum"),
        ("project", "效益指标（20分）", "效益指标（30分）", "weight_sum"),
        ("project", "总分||||||100|97.1", "总分||||||100|97.6", "score_sum"),
        ("project", "|15|15|\n||时效", "|15|51|\n||时效", "indicator_score"),
        ("project", "91%|9.1", "99%|9.1", "execution_rate"),
        ("project", "91%|9.1", "91%|9.85", "score_formula"),
        ("project", "|其中：当年财政拨款|30|40|35.5|", "|其中：当年财政拨款|30|40|53.5|", "table_sum"),
        ("project", "≤50万元|45.5万元", "≤50万元|45.9万元", "table_internal"),
        ("whole", "按收入性质分：360.5万", "按收入性质分：3360.5万", "table_internal"),
        ("whole", "按收入性质分：360.5万", "按收入性质分：3360.5万", "table_sum"),
        ("whole", "项目支出：140万", "项目支出：104万", "table_sum"),
        ("whole", "评价等次|优秀", "评价等次|良好", "grade"),
        ("columns", "产出指标|60|", "产出指标|50|", "weight_sum"),
        ("columns", "合计|100||||||||100|99.5", "合计|100||||||||100|95.9", "score_sum"),
        ("criteria", "小计|||40分||39.5分", "小计|||40分||38.5分", "score_sum"),
        ("criteria", "合计|||100分||98.5分", "合计|||100分||89.5分", "score_sum"),
        ("booklet", "指标2：支付及时|30", "指标2：支付及时|33", "score_sum"),
        ("two rows", "总分|||||100|100", "总分|||||110|100", "weight_sum"),
        ("ragged", "||20|20\n效益", "||20|25\n效益", "indicator_score"),
    ],
)
def test_one_wrong_number_is_found(layout: str, right: str, wrong: str, kind: str) -> None:
    assert right in LAYOUTS[layout]
    found = form(LAYOUTS[layout].replace(right, wrong, 1))
    assert "inconsistent" in verdicts(found.checks, kind)


def test_headings_are_checked_at_every_level() -> None:
    found = form(PROJECT)
    assert len(verdicts(found.checks, "weight_sum")) == 11  # four first, six second, the total


def test_a_lost_line_is_one_cause() -> None:
    text = PROJECT.replace(
        "||质量指标（15分）|验收合格率|≥95%|100%|15|15|\n", "||质量指标（15分）|验收合格率|≥95%|100%|8|8|\n"
    )
    broken = [c for c in form(text).checks if c.verdict == "inconsistent"]
    assert {c.kind for c in broken} == {"weight_sum", "score_sum"}
    assert len({c.group for c in broken}) == 1
    assert {c.cause for c in broken} == {"质量指标下疑缺一行指标，分值7分"}


@pytest.mark.parametrize(
    ("target", "actual", "points", "verdict", "severity"),
    [
        ("≥30台", "24台", "20|16", "consistent", None),
        ("≥30台", "24台", "20|20", "inconsistent", Severity.ERROR),
        ("≥30台", "24台", "20|10", "inconsistent", Severity.WARNING),
        ("≥30台", "32台", "20|18", "inconsistent", Severity.WARNING),
        ("≥30台", "≥24台", "20|10", "suspicious", Severity.WARNING),
        ("30台", "24台", "20|20", "uncheckable", None),
        ("≥30台", "约三十台", "20|20", "consistent", None),
        ("=30台", "36台", "20|20", "inconsistent", Severity.WARNING),
        ("=30台", "24台", "20|20", "inconsistent", Severity.ERROR),
        ("≥90%", "0.95", "20|20", "consistent", None),
    ],
)
def test_scores_follow_from_target_and_completion(
    target: str, actual: str, points: str, verdict: str, severity: Severity | None
) -> None:
    text = PROJECT.replace("≥30台|32台|20|20", f"{target}|{actual}|{points}")
    check = one(form(text), "indicator_score", "换装台数")
    assert (str(check.verdict), check.weight) == (verdict, severity)


def test_saving_money_costs_no_points() -> None:
    check = one(form(PROJECT.replace("≤50万元|45.5万元|10|10", "50万元|45.5万元|10|6")), "indicator_score", "设备总价")
    assert (str(check.verdict), check.weight, check.cause) == ("inconsistent", Severity.WARNING, "成本节约不应扣分")


def test_a_named_tier_bounds_the_score() -> None:
    text = PROJECT.replace("有效下降|有所下降|20|18|设备磨合", "有效下降|部分达成预期|20|19|设备磨合")
    check = one(form(text), "indicator_score_qualitative", "故障下降")
    assert (str(check.verdict), check.expected) == ("inconsistent", "12-16")


def test_lost_points_and_great_surplus_need_a_reason() -> None:
    found = form(PROJECT.replace("|20|18|设备磨合", "|20|18|").replace("≥30台|32台", "≥30台|90台"))
    assert verdicts(found.checks, "missing_value") == ["suspicious"]
    assert verdicts(found.checks, "deviation_flag") == ["suspicious"]
    told = form(PROJECT.replace("≥30台|32台|20|20|", "≥30台|90台|20|20|年中扩大范围"))
    assert verdicts(told.checks, "deviation_flag") == ["consistent"]


@pytest.mark.parametrize(
    ("score", "severity"), [("9", Severity.WARNING), ("8", Severity.WARNING), ("8.35", Severity.ERROR)]
)
def test_whole_points_for_execution_are_a_warning(score: str, severity: Severity) -> None:
    text = PROJECT.replace("|45.5|10|91%|9.1|", f"|48.5|10|97%|{score}|")
    check = one(form(text), "score_formula")
    assert (str(check.verdict), check.weight, check.expected) == ("inconsistent", severity, "9.7")


def test_a_rate_on_the_first_budget_is_named_as_such() -> None:
    check = one(form(PROJECT.replace("91%|9.1", "113.75%|9.1")), "execution_rate")
    assert check.weight is Severity.WARNING
    assert "年初预算" in check.cause


def test_without_rules_missed_targets_stay_open() -> None:
    found = form(PROJECT.replace("≥30台|32台|20|20", "≥30台|24台|20|16"), rules=False)
    assert str(one(found, "indicator_score", "换装台数").verdict) == "uncheckable"
    assert "indicator_score" in {n.kind for n in found.not_run}


def test_points_in_another_table_are_not_missing() -> None:
    text = "\n".join(WHOLE.strip().split("\n")[6:])
    found = form(text)
    assert [str(c.verdict) for c in found.checks if c.kind in ("weight_sum", "score_sum")] == ["uncheckable"] * 2


# a transfer's goal sheet: no points at all, remarks instead of reasons
TRANSFER = """
资金情况|全年预算数（A）|全年执行数（B）|执行率（B/A）
年度资金总额|350.5|340.5|97.15%
其中：中央资金|200.5|200.5|100%
地方资金|150|140|93.33%
其他资金|||
总体目标|办成几件事||
指标|指标值|实际完成值|备注
受益人次|≥500人次|1200|
办结率|≥90%|95%|
"""


def test_a_sheet_without_points_is_read_for_its_funds_and_results() -> None:
    found = form(TRANSFER)
    assert verdicts(found.checks, "table_sum") == ["consistent"] * 2
    assert verdicts(found.checks, "execution_rate") == ["consistent"] * 3
    assert verdicts(found.checks, "deviation_flag") == ["suspicious"]
    assert "score_sum" not in {n.kind for n in found.not_run}
    assert {(f.figure, f.basis): str(f.quantity.value) for f in found.facts}["label:办结率", "actual"] == "95"


def test_sources_split_further_are_not_added_twice() -> None:
    split = TRANSFER.replace(
        "其中：中央资金|200.5|200.5|100%",
        "其中：财政资金|200.5|200.5|100%\n其中：中央资金|120|120|100%\n省级资金|80.5|80.5|100%",
    )
    assert verdicts(form(split).checks, "table_sum") == ["consistent"] * 2
    lost = split.replace("地方资金|150|140", "地方资金|105|140")
    assert verdicts(form(lost).checks, "table_sum") == ["uncheckable", "consistent"]


def test_a_target_that_is_met_exactly_needs_no_sign() -> None:
    found = form(PROJECT.replace("≥30台|32台|20|20", "30台|30台|20|17"))
    assert str(one(found, "indicator_score", "换装台数").verdict) == "inconsistent"


def test_scores_out_of_a_hundred_are_not_added() -> None:
    text = "一级指标|三级指标|指标值|完成值|权重|得分\n产出指标|甲|≥1|1|40|95\n|乙|≥1|1|40|90\n效益指标|丙|≥1|1|20|100\n合计||||100|94"
    found = form(text)
    assert failed(found.checks) == []
    assert {c.kind for c in found.checks} == {"weight_sum"}


def test_sheets_below_each_other_are_read_apart() -> None:
    second = PROJECT.replace("设备更新项目", "培训项目").replace("总分||||||100|97.1", "总分||||||100|79.1")
    forms = read_table(table(PROJECT.strip() + second, "2031年度绩效自评表"), context())
    assert [f.scope for f in forms] == ["设备更新项目", "培训项目"]
    assert [len(failed(f.checks)) for f in forms] == [0, 1]
    wrong = failed(forms[1].checks)[0]
    lines = (PROJECT.strip() + second).split("\n")
    row = wrong.evidence.place.row
    assert row is not None
    assert wrong.evidence.quote == lines[row]
    assert lines[row].startswith("总分||||||100|79.1")


def test_ragged_rows_are_read_from_the_right() -> None:
    found = form(RAGGED)
    facts = {f.figure: str(f.quantity.value) for f in found.facts if f.basis == "actual"}
    assert facts["weight:资料齐全"] == "20"
    assert facts["weight:满意度指标"] == "20"
    assert facts["weight:社会效益指标"] == "20"
    assert facts["label:学员满意度"] == "95"


def test_facts_of_a_sheet() -> None:
    found = form(PROJECT)
    facts = {(f.figure, f.basis): f for f in found.facts}
    assert (found.kind, found.scope, found.year) == ("project_sheet", "设备更新项目", 2031)
    assert str(facts["dept.expense.project", "adjusted"].quantity.value) == "50"
    assert str(facts["dept.rate.execution", "final"].quantity.value) == "91"
    assert str(facts["label:换装台数", "target"].quantity.value) == "30"
    assert str(facts["label:换装台数", "actual"].quantity.value) == "32"
    assert str(facts["dept.appraisal.score", "actual"].quantity.value) == "97.1"
    assert facts["weight:产出指标", "actual"].quantity.value == 50
    assert facts["score:产出指标", "actual"].quantity.value == 50
    assert facts["label:换装台数", "target"].key == (3, 10, 4)


def test_merged_levels_are_filled_down() -> None:
    text = table(PROJECT, "2031年度绩效自评表")
    rows = [list(row) for row in text.rows]
    for r in (11, 12):
        rows[r][1] = Cell("", r, 1, origin=(10, 1))
    found = recognise(Table(tuple(tuple(r) for r in rows), text.caption), context())
    assert found is not None
    assert failed(found.checks) == []


def test_a_repeated_header_does_not_end_the_sheet() -> None:
    header = next(line for line in PROJECT.split("\n") if "三级指标" in line)
    text = PROJECT.replace("|效益指标（20分）", header + "\n|效益指标（20分）")
    assert failed(form(text).checks) == []


@pytest.mark.parametrize("text", ["", "甲|乙\n1|2\n3|4", "姓名|得分\n某甲|99\n某乙|98\n总分|197", "标题"])
def test_other_tables_are_left_alone(text: str) -> None:
    assert recognise(table(text), context()) is None


def test_hostile_tables_do_not_crash() -> None:
    wide = replace(table("一级指标|三级指标|指标值|分值|得分" + "|分值" * 9_995), caption="x" * 10_000)
    long = table(
        "一级指标|三级指标|指标值|分值|得分\n" + "\n".join("产出指标|甲|≥1|" + "9" * 30 + "|-5" for _ in range(300))
    )
    for hostile in (wide, long, Table(((),)), Table(((Cell("分值" * 5000, 0, 0),),) * 4)):
        found = recognise(hostile, context())
        assert found is None or found.checks is not None


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [("尚有结余（按资金结余的办法计分）", "uncheckable"), ("尚有结余，按计划下年支付", "inconsistent")],
)
def test_a_remark_may_name_the_rule_behind_a_score(reason: str, verdict: str) -> None:
    """The sheet's own rule gives less than full points for a target that is met; a plain reason does not."""
    right = "|15|15|\n||时效"
    assert right in PROJECT
    found = form(PROJECT.replace(right, f"|15|12|{reason}\n||时效"))
    assert one(found, "indicator_score", "验收合格率").verdict.value == verdict
