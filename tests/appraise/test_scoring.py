"""Forms scored: the guide's examples, weights that add up, the bureau's own scores, reasons that are owed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.appraise.filled import BUREAU, SHEET, changed, folder, more
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.marks import Rules
from yibao.appraise.sheet import read_sheet
from yibao.errors import UserError
from yibao.region.packs import region
from yibao.region.scoring import scoring_rule

D = Decimal
AIM = "方向: ≥, 目标: 90, 实际: 95"


def with_sheet(tmp_path: Path, old: str, new: str, **rest: str) -> Appraisal:
    return appraise(folder(tmp_path, sheet=changed(SHEET, old, new), **rest))


def refused(tmp_path: Path, old: str, new: str, **rest: str) -> str:
    with pytest.raises(UserError) as error:
        with_sheet(tmp_path, old, new, **rest)
    return error.value.sentence


def satisfaction(tmp_path: Path, new: str) -> D:
    text = changed(changed(SHEET, AIM, new), "总分: {得分: 99.23}\n", "")
    return appraise(folder(tmp_path, sheet=text)).sheets[0].rows[-1].score


def test_the_execution_score_comes_from_the_unrounded_rate(tmp_path: Path) -> None:
    sheet = appraise(folder(tmp_path)).sheets[0]
    assert (sheet.rows[0].actual, sheet.rows[0].score) == ("92%", D("9.23"))  # 601.5/652×10, not 9.2
    assert (sheet.weight, sheet.total, sheet.grade) == (100, D("99.23"), "优")


@pytest.mark.parametrize(
    ("row", "score"),
    [
        ("方向: ≥, 目标: 90, 实际: 72", "8"),
        ("方向: ≥, 目标: 90, 实际: ≥90", "10"),
        ("方向: ≤, 目标: 80, 实际: 100", "8"),
        ("方向: ≤, 目标: 95, 实际: 11.43", "10"),
        ("方向: =, 目标: 50, 实际: 40", "8"),
        ("方向: 区间, 目标: 40-50, 实际: 45", "10"),
        ("方向: 区间, 目标: 40-50, 实际: 20", "5"),
    ],
)
def test_marks_by_direction(tmp_path: Path, row: str, score: str) -> None:
    assert satisfaction(tmp_path, row) == D(score)


def test_a_result_after_its_deadline_earns_what_the_rule_leaves_and_owes_a_reason(tmp_path: Path) -> None:
    text = changed(changed(SHEET, "实际: 2025-12-30", "实际: 2026-01-05"), "总分: {得分: 99.23}\n", "")
    appraisal = appraise(folder(tmp_path, sheet=changed(text, "得分: 60}", "得分: 40}")))
    assert appraisal.sheets[0].rows[2].score == 0
    assert appraisal.blocking == ("整体支出：待遇发放 扣 20 分，没有写偏差原因及改进措施",)


def test_lost_points_without_a_reason_block(tmp_path: Path) -> None:
    appraisal = with_sheet(tmp_path, "  偏差原因及改进措施: 一个项目转入下年\n", "")
    assert appraisal.blocking == ("整体支出：预算执行率 扣 0.77 分，没有写偏差原因及改进措施",)


def test_a_target_beaten_by_far_owes_a_reason_too(tmp_path: Path) -> None:
    assert with_sheet(tmp_path, AIM, "方向: ≥, 目标: 70, 实际: 95").blocking
    assert not with_sheet(tmp_path, AIM, "方向: ≥, 目标: 70, 实际: 95, 偏差原因及改进措施: 目标定低").blocking


@pytest.mark.parametrize("weight", ["9", "11"])
def test_weights_must_make_a_hundred(tmp_path: Path, weight: str) -> None:
    assert "应为 100 分" in refused(tmp_path, '单位: "%", 分值: 10', f'单位: "%", 分值: {weight}')


def test_a_heading_must_be_the_sum_of_its_rows(tmp_path: Path) -> None:
    said = refused(tmp_path, "{指标: 产出指标, 分值: 60, 得分: 60}", "{指标: 产出指标, 分值: 50, 得分: 50}")
    assert "【整体支出 产出指标 分值】" in said
    assert "表中各行合计 60 分" in said
    assert "【整体支出 产出指标 得分】" not in said  # the score is off by the weight alone: one root


def test_a_heading_of_nothing_is_refused(tmp_path: Path) -> None:
    assert "不是表中的" in refused(tmp_path, "{指标: 产出指标,", "{指标: 生态指标,")


def test_a_printed_total_must_be_the_sum(tmp_path: Path) -> None:
    assert "各项得分合计 99.23 分" in refused(tmp_path, "总分: {得分: 99.23}", "总分: {得分: 99.32}")


def test_the_total_of_the_report_must_be_that_of_the_form(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"【整体支出 自评得分】"):
        appraise(folder(tmp_path, data=more("自评得分: 99.5分")))


OWN = 'AIM, 单位: "%", 分值: 10'.replace("AIM", AIM)


def test_the_bureaus_own_score_stands_under_its_own_scoring(tmp_path: Path) -> None:
    text = changed(SHEET, OWN, f"{OWN}, 得分: 9, 扣分理由: 有两起投诉")
    text = changed(changed(text, "计分: 规则", "计分: 自评"), "总分: {得分: 99.23}", "总分: {得分: 98.23}")
    row = appraise(folder(tmp_path, sheet=text)).sheets[0].rows[-1]
    assert (row.score, row.reason, row.note) == (9, "有两起投诉", "按规则应得 10 分")


def test_the_bureaus_own_score_has_to_follow_from_the_rule_where_the_rule_scores(tmp_path: Path) -> None:
    text = changed(changed(SHEET, OWN, f"{OWN}, 得分: 9"), "总分: {得分: 99.23}\n", "")
    with pytest.raises(UserError, match="【整体支出 满意度 得分】"):
        appraise(folder(tmp_path, sheet=text))
    choices = "取舍:\n  - {矛盾: 整体支出 满意度 得分, 取: 按计算, 理由: 照规则}\n"
    assert appraise(folder(tmp_path, sheet=text, choices=choices)).sheets[0].total == D("99.23")


def test_a_tier_bounds_the_score(tmp_path: Path) -> None:
    said = refused(tmp_path, "档次: 达成预期, 分值: 20, 得分: 20", "档次: 部分达成, 分值: 20, 得分: 17")
    assert "应为 12.00—16.00 分" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("分值: 20, 得分: 20", "分值: 20, 得分: 21", "超过分值 20 分"),
        ("分值: 20, 得分: 20", "分值: 20", "请填写得分"),
        ("分值: 20, 得分: 20", "分值: -20, 得分: 20", "不能是负数"),
        ("分值: 20, 得分: 20", "分值: nan, 得分: 20", "不是一个数"),
        ("档次: 达成预期", "档次: 马马虎虎", "不在计分规则中"),
        (AIM, "方向: ≥, 目标: 0, 实际: 0", "没有规定得分"),
        (AIM, "方向: ≥, 目标: 90, 实际: 九十", "不是一个数"),
        (AIM, "方向: 大概, 目标: 90, 实际: 95", "不在允许的取值之内"),
        (AIM, "方向: 区间, 目标: 50-40, 实际: 45", "前大后小"),
        (AIM, "方向: ≥, 目标: 90人, 实际: 95", "自带的单位"),
        ('实际: "{fund.insured.total}"', "实际: {fund.insured.total}", "加引号"),
        ('实际: "{fund.insured.total}"', '实际: "{fund.insured.rate}"', "数据里没有"),
        ('实际: "{fund.insured.total}"', '实际: "{fund.nothing}"', "指标表里没有"),
        ("实际: 2025-12-30", "实际: 年底", "2025-12-31 这样的日期"),
        ("不适用: 是", "不适用: 是, 分值: 5", "不能有分值"),
        ("不适用: 是", "三级: 甲", "缺少方向、目标、实际"),
        ("类型: 整体支出", "类型: 项目支出", "要写“项目”"),
        ("  分值: 10\n  得分: 9.23", "  分值: 10\n  得分: 9.2", "【整体支出 预算执行率 得分】"),
        ("执行率: 92%", "执行率: 93%", "【整体支出 执行率】"),
    ],
)
def test_it_refuses_with_the_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    sentence = refused(tmp_path, old, new)
    assert said in sentence
    assert "整体支出" in sentence


def test_points_of_a_named_rate_come_from_the_regions_bands(tmp_path: Path) -> None:
    """岳阳: 三公 up to the budget 6 points, one less for each point over; the form has to give it 6."""
    row = '方向: ≤, 目标: 100, 实际: 102.5, 公式: 三公经费控制率, 单位: "%", 分值: 6, 偏差原因及改进措施: 无'
    text = changed(changed(SHEET, OWN, row), "{一级: 效益指标, 二级: 社会效益指标, 三级: 基金安全, 方向: 定性, 目标: 保持安全, 实际: 安全, 档次: 达成预期, 分值: 20, 得分: 20}",
                   "{一级: 效益指标, 二级: 社会效益指标, 三级: 基金安全, 方向: 定性, 目标: 保持安全, 实际: 安全, 分值: 24, 得分: 24}")  # fmt: skip
    text = changed(text, "总分: {得分: 99.23}\n", "")
    yueyang = changed(BUREAU, "地区: cn-43", "地区: cn-4306")
    scored = appraise(folder(tmp_path, sheet=text, bureau=yueyang)).sheets[0].rows[-1]
    assert (scored.score, scored.note) == (3, "按岳阳市部门整体支出绩效评价评分标准计分")
    text = changed(changed(text, "分值: 6, 偏差", "分值: 8, 偏差"), "分值: 24, 得分: 24", "分值: 22, 得分: 22")
    with pytest.raises(UserError, match=r"满分是 6 分.*分值是 8 分"):
        appraise(folder(tmp_path, sheet=text, bureau=yueyang))


def test_a_rate_without_bands_names_the_missing_rule(tmp_path: Path) -> None:
    assert "没有 2025-12-31 有效的“公务卡刷卡率”分档" in refused(tmp_path, OWN, f"{OWN}, 公式: 公务卡刷卡率")


def test_a_year_without_a_rule_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有 2019-12-31 有效的计分规则（scoring）"):
        appraise(folder(tmp_path, bureau=changed(BUREAU, "年度: 2025", "年度: 2019")))


def test_whole_points_are_a_rule_of_their_own() -> None:
    rule = scoring_rule(region("cn-43"), 2025).model_copy(update={"score_decimals": 0, "rounding": "down"})
    assert rule.printed(rule.execution_score(D("0.963"), D(10))) == 9


def test_funds_must_be_the_sum_of_their_parts(tmp_path: Path) -> None:
    said = refused(tmp_path, "  分值: 10\n", "  分值: 10\n  按支出性质: {基本支出: 400, 项目支出: 201}\n")
    assert "全年执行 601.5万元，各项 400万元＋201万元＝601.0万元" in said


def test_goals_and_reasons_quote_figures(tmp_path: Path) -> None:
    text = changed(SHEET, "指标:\n", "目标: {实际: '参保{fund.insured.total}'}\n指标:\n")
    sheet = appraise(folder(tmp_path, sheet=changed(text, "一个项目转入下年", "执行{dept.funds.total}"))).sheets[0]
    assert (sheet.reached, sheet.rows[0].reason) == ("参保21.50万人", "执行601.5万元")
    assert "数据里没有" in refused(tmp_path, "指标:\n", "目标: {实际: '{fund.insured.rate}'}\n指标:\n")


def test_a_sheet_knows_its_lines(tmp_path: Path) -> None:
    root = folder(tmp_path)
    filed = read_sheet(root / "figures" / "指标" / "整体支出.yaml", "指标/整体支出.yaml")
    assert filed.place("指标", 1) == "“指标/整体支出.yaml”第 14 行"
    assert Rules(region(), 2025, scoring_rule(region(), 2025)).scoring.id == "national-2020"


YUEYANG = changed(BUREAU, "地区: cn-43", "地区: cn-4306")
QUALITY = "分值: 20, 得分: 20"


def locally(tmp_path: Path, row: str, weight: int, bureau: str = YUEYANG) -> D:
    """The score of a last row of that weight; what it lacks to ten points goes to the row before."""
    rest = 30 - weight
    text = changed(changed(SHEET, OWN, f"{row}, 分值: {weight}"), QUALITY, f"分值: {rest}, 得分: {rest}")
    text = changed(text, "总分: {得分: 99.23}\n", "")
    return appraise(folder(tmp_path, sheet=text, bureau=bureau)).sheets[0].rows[-1].score


@pytest.mark.parametrize(("left", "score"), [("0", "3"), ("4", "2"), ("5", "2"), ("6", "0")])
def test_what_is_left_over_scores_by_the_citys_table(tmp_path: Path, left: str, score: str) -> None:
    assert locally(tmp_path, f"方向: ≤, 目标: 5, 实际: {left}, 单位: 万元, 办法: 资金结余", 3) == D(score)


@pytest.mark.parametrize(("paid", "score"), [("50、100", "4"), ("49、100", "3.5"), ("49、99", "3")])
def test_each_date_missed_costs_what_the_city_says(tmp_path: Path, paid: str, score: str) -> None:
    assert locally(tmp_path, f"方向: ≥, 目标: 春节前50%、6月底前100%, 实际: {paid}, 办法: 支付进度", 4) == D(score)


def test_items_that_are_met_score_one_by_one(tmp_path: Path) -> None:
    assert locally(tmp_path, "方向: =, 目标: 3, 实际: 2, 办法: 逐项计分", 3) == 2
    with pytest.raises(UserError, match="分值应是 3 分"):
        locally(tmp_path, "方向: =, 目标: 3, 实际: 2, 办法: 逐项计分", 4)


@pytest.mark.parametrize(
    ("row", "key"),
    [("目标: 5, 实际: 0, 办法: 资金结余", "carry_points"), ("目标: 3, 实际: 3, 办法: 逐项计分", "item_points")],
)
def test_a_place_without_such_a_table_names_the_missing_parameter(tmp_path: Path, row: str, key: str) -> None:
    with pytest.raises(UserError, match=f"参数 appraisal.{key}"):
        locally(tmp_path, f"方向: ≤, {row}, 单位: 万元", 3, BUREAU)


def test_the_rule_of_a_place_stands_behind_the_reason(tmp_path: Path) -> None:
    """Whoever reads the form sees why a target that is met earns less than full points."""
    text = changed(
        changed(
            SHEET, OWN, "方向: ≤, 目标: 5, 实际: 4, 单位: 万元, 办法: 资金结余, 分值: 3, 偏差原因及改进措施: 下年支付。"
        ),
        QUALITY,
        "分值: 27, 得分: 27",
    )
    text = changed(text, "总分: {得分: 99.23}\n", "")
    row = appraise(folder(tmp_path, sheet=text, bureau=YUEYANG)).sheets[0].rows[-1]
    assert row.reason == "下年支付（按资金结余的办法计分）"
