"""Dates in their order, and years that do not belong to the document."""

from __future__ import annotations

from datetime import date

import pytest

from tests.proofread.checks.said import ACCOUNTS, BUDGET, REPORT, checks, held, loud, one
from yibao.proofread.checks import dates
from yibao.proofread.checks.stamps import Impossible, Stamp, read_stamps
from yibao.proofread.findings import Severity, Verdict


def test_printed_dates() -> None:
    found = [s for s in read_stamps("2032年3月5日、2032.3.6、2032年4月、5月8日至5月12日", 2032) if isinstance(s, Stamp)]
    assert [(s.first, s.last) for s in found] == [
        (date(2032, 3, 5), date(2032, 3, 5)),
        (date(2032, 3, 6), date(2032, 3, 6)),
        (date(2032, 4, 1), date(2032, 4, 30)),
        (date(2032, 5, 8), date(2032, 5, 12)),
    ]


def test_a_span_takes_the_year_of_its_beginning() -> None:
    stamp = next(iter(read_stamps("2032年12月3日至12月9日", 2030)))
    assert isinstance(stamp, Stamp)
    assert stamp.last == date(2032, 12, 9)


@pytest.mark.parametrize("text", ["2032年2月30日", "2031年13月", "4月31日"])
def test_days_that_no_calendar_has(text: str) -> None:
    assert [type(s) for s in read_stamps(text, 2031)] == [Impossible]
    assert loud(dates.run, REPORT + f"会议于{text}召开。") == [("error", f"会议于{text}召开")]


@pytest.mark.parametrize("text", ["金额2031.30.5", "1.13月工资", "第13个月", "比例3.2:4"])
def test_what_is_no_date(text: str) -> None:
    assert loud(dates.run, REPORT + text + "。") == []


def test_a_span_that_ends_before_it_begins() -> None:
    assert loud(dates.run, REPORT + "检查自2032年5月8日至2032年4月2日开展。")[0][0] == "error"


EVALUATED = "根据通知要求，于{}对我局2031年的整体支出开展了绩效自评工作。"


def test_an_evaluation_after_the_year_holds() -> None:
    assert held(dates.run, REPORT + EVALUATED.format("2032年3月14日至3月18日"))


def test_an_evaluation_within_the_year_is_an_error() -> None:
    check = one(dates.run, REPORT + EVALUATED.format("2031年3月14日至3月18日"))
    assert (check.weight, check.expected) == (Severity.ERROR, "2032年3月14日至3月18日")


def test_an_evaluation_in_december_is_only_suspicious() -> None:
    check = one(dates.run, REPORT + EVALUATED.format("2031年12月20日"))
    assert check.verdict is Verdict.SUSPICIOUS


@pytest.mark.parametrize(
    "sentence",
    [
        "2031年5月，组织开展了2030年度项目绩效自评工作。",
        "于2031年8月开展绩效运行监控，为自评做准备。",
        "根据《关于2031年6月开展自评的通知》，我局组织实施自评。",
        "2031年6月完成了上年度绩效自评工作。",
    ],
)
def test_other_activities_within_the_year_are_none(sentence: str) -> None:
    assert loud(dates.run, REPORT + sentence) == []


def test_filled_in_before_the_end_of_the_year() -> None:
    text = REPORT + "填报日期：2032年4月20日\n填报日期：2031年4月21日\n2032年4月22日"
    check = one(dates.run, text)
    assert (check.evidence.quote, check.expected) == ("填报日期：2031年4月21日", "2032年4月21日")


def test_filled_in_after_the_signature() -> None:
    check = one(dates.run, REPORT + "2032年4月22日\n填报日期：2032年4月25日")
    assert (check.verdict, check.evidence.quote) == (Verdict.SUSPICIOUS, "填报日期：2032年4月25日")


def test_a_day_without_its_year_is_an_info() -> None:
    found = [c for c in checks(dates.run, REPORT + "填报日期：7.15") if c.weight is not None]
    assert [str(c.weight) for c in found] == ["info"]


def test_a_signature_before_the_end_of_the_year() -> None:
    assert loud(dates.run, REPORT + "2031年4月22日") == [("error", "2031年4月22日")]


PUBLISHED = "自评报告将于{}前在门户网站公开。\n2032年4月22日"


def test_published_after_the_signature_holds() -> None:
    assert loud(dates.run, REPORT + PUBLISHED.format("2032年5月30日")) == []


def test_published_before_the_signature() -> None:
    assert loud(dates.run, REPORT + PUBLISHED.format("2032年4月10日"))[0][0] == "warning"


def test_published_on_the_last_day_of_the_evaluation() -> None:
    text = REPORT + EVALUATED.format("2032年3月15日至4月15日") + "\n报告将于2032年4月15日前公开。"
    assert [str(c.verdict) for c in checks(dates.run, text) if c.weight] == ["suspicious"]


def test_a_title_with_last_year() -> None:
    text = ACCOUNTS + "第二部分 2031年度部门决算表\n第三部分 2030年度部门决算情况说明\n"
    check = one(dates.run, text)
    assert (check.weight, check.expected) == (Severity.ERROR, "第三部分2031年度部门决算情况说明")


@pytest.mark.parametrize(
    "line",
    [
        "2030年决算数 2031年预算数 2031年决算数",
        "关于开展2030年度部门整体支出绩效自评的通知",
        "2030年城乡居民医疗救助县级配套资金",
        "上一篇：2030年度部门决算公开",
    ],
)
def test_lines_that_may_speak_of_another_year(line: str) -> None:
    assert loud(dates.run, ACCOUNTS + line) == []


def test_as_of_the_end_of_another_year() -> None:
    own = "截至2031年12月31日，共有车辆3辆。"
    assert held(dates.run, ACCOUNTS + own)
    check = one(dates.run, ACCOUNTS + own.replace("2031", "2030"))
    assert check.expected == "截至2031年12月31日"
    assert loud(dates.run, ACCOUNTS + "与上年相比，截至2030年12月31日车辆为4辆。") == []


def test_the_only_paragraph_that_opens_with_last_year() -> None:
    good = [
        f"2031年度{what}{i}6.50万元。"
        for i, what in enumerate(("收入合计", "支出合计", "三公经费支出", "政府采购支出"))
    ]
    stale = "2030年度机关运行经费支出18.20万元。"
    text = ACCOUNTS + "\n".join([*good, stale])
    assert [quote for _, quote in loud(dates.run, text)] == ["2030年度机关运行经费支出18.20万元"]
    assert loud(dates.run, ACCOUNTS + "\n".join([*good, "2029年至2030年机关运行经费累计减少1.2万元。"])) == []


def test_carried_over_from_too_long_ago() -> None:
    assert loud(dates.run, REPORT + "年中追加结转2029年专项工作经费64万元。")[0][0] == "warning"
    assert loud(dates.run, REPORT + "年中追加结转2030年专项工作经费64万元。") == []


def test_a_budget_compared_with_itself() -> None:
    text = (
        BUDGET
        + "2031年收入预算96.20万元，比2030年预算增加3.10万元。\n2031年支出预算96.20万元，比2031年预算增加3.10万元。"
    )
    check = one(dates.run, text)
    assert (check.stated, check.weight) == ("比2031年预算增加", Severity.ERROR)


def test_final_figures_may_be_compared_with_their_budget() -> None:
    assert loud(dates.run, ACCOUNTS + "2031年支出96.20万元，比2031年预算增加3.10万元。") == []


def test_a_project_of_this_years_budget_that_ended_before() -> None:
    text = BUDGET + "五、实施周期\n{}1月1日至{}12月31日"
    assert loud(dates.run, text.format("2030年", "2030年")) == [("warning", "2030年1月1日至2030年12月31日")]
    assert loud(dates.run, text.format("2030年", "2031年")) == []


def test_a_day_told_twice_holds() -> None:
    text = REPORT + "2031年10月1日起实行市级统筹。\n10月1日全县如期实行统筹。"
    assert "10月1日全县如期实行统筹" in held(dates.run, text)


def test_the_number_of_the_notice_holds() -> None:
    assert held(dates.run, REPORT + "根据《关于开展绩效自评工作的通知》（云财绩〔2032〕3号）要求。")
