"""The document beside that of the year before (yibao check --last-year)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.proofread.documents import package, source
from yibao.proofread import check_package
from yibao.proofread.checks import last_year
from yibao.proofread.document import Package
from yibao.proofread.findings import Check
from yibao.proofread.read import read_package
from yibao.proofread.reading import read

HEAD = "2031年度云岭县医疗保障局部门决算\n一、收支情况\n"
BEFORE = """2030年度云岭县医疗保障局部门决算
一、收支情况
2030年度本年收入合计140.00万元，本年支出合计138.50万元，年末结转和结余13.60万元。
二、三公经费
公务接待费支出决算为3.20万元，公务用车运行维护费支出决算为6.00万元。
三、城乡居民基本医疗保险基金情况
2030年城乡居民基本医疗保险基金总收入20500万元，基金总支出19800万元，期末滚存结余8700万元。
四、自评工作
2030年4月14日至18日，局自评小组检查2个项目，涉及资金45.60万元，资金执行率96.20%。"""


def found(text: str, before: str = BEFORE) -> list[Check]:
    return list(last_year.run(read(package(text, last_year=before))))


def said(checks: Sequence[Check], kind: str = "last_year") -> list[tuple[str, str, str | None]]:
    return [(str(c.verdict), c.stated, c.expected) for c in checks if c.kind == kind]


def test_without_last_year_nothing_is_checked() -> None:
    assert list(last_year.run(read(package(HEAD + "年初结转和结余13.60万元。")))) == []


def test_the_role_comes_from_the_reader(tmp_path: Path) -> None:
    (tmp_path / "今年.txt").write_text(HEAD, encoding="utf-8")
    (tmp_path / "去年.txt").write_text(BEFORE, encoding="utf-8")
    roles = [s.role for s in read_package(tmp_path / "今年.txt", tmp_path / "去年.txt").sources]
    assert roles == ["current", "last_year"]


def test_last_year_gets_no_report_and_its_errors_are_not_told() -> None:
    broken = BEFORE + "\n核定编制31人，其中行政编制9人、事业编制20人。"
    reports = check_package(package(HEAD + "2031年度本年收入合计150.00万元。", last_year=broken))
    assert [r.path for r in reports] == ["样例.txt"]
    assert [f for f in reports[0].findings if f.severity == "error"] == []


def test_last_year_takes_no_part_in_other_checks() -> None:
    """The same figure of the same year, printed differently in the other document, is told by `last_year` alone."""
    reports = check_package(package(HEAD + "上年公务接待费支出决算为3.50万元。", last_year=BEFORE))
    assert {c.kind for c in reports[0].checks if c.stated == "3.50万元"} == {"last_year"}


@pytest.mark.parametrize(
    ("opening", "verdict"), [("13.60", "consistent"), ("16.30", "inconsistent"), ("13.6", "consistent")]
)
def test_opening_is_last_years_closing(opening: str, verdict: str) -> None:
    checks = found(HEAD + f"年初结转和结余{opening}万元，本年收入合计150.00万元。")
    assert said(checks, "carry_forward") == [(verdict, f"{opening}万元", "13.60万元")]
    assert all("13.60" in c.related[0].quote for c in checks if c.kind == "carry_forward")


def test_fund_opening_is_last_years_closing() -> None:
    text = HEAD + "二、城乡居民基本医疗保险基金情况\n2031年城乡居民基本医疗保险基金期初滚存结余7800万元。"
    assert said(found(text), "carry_forward") == [("inconsistent", "7800万元", "8700万元")]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("上年公务接待费支出决算为3.20万元。", "consistent"),
        ("上年公务接待费支出决算为3.50万元。", "inconsistent"),
        ("2030年度公务接待费支出决算为3.20万元。", "consistent"),
        ("2030年度公务接待费支出决算为2.30万元。", "inconsistent"),
    ],
)
def test_last_years_figure_in_prose(sentence: str, verdict: str) -> None:
    ((got, _, expected),) = said(found(HEAD + "二、三公经费\n" + sentence))
    assert (got, expected) == (verdict, "3.20万元")


def test_last_years_budget_proves_nothing() -> None:
    assert said(found(HEAD + "二、三公经费\n上年公务接待费年初预算为4.00万元。")) == []


def test_the_finding_is_told_in_this_years_document() -> None:
    (report,) = check_package(package(HEAD + "二、三公经费\n上年公务接待费支出决算为3.50万元。", last_year=BEFORE))
    (finding,) = [f for f in report.findings if f.kind == "last_year"]
    assert finding.severity == "error"
    assert finding.evidence.place.file == "样例.txt"
    assert finding.related[0].place.file == "上年.txt"


def test_one_wrong_figure_printed_twice_is_one_finding() -> None:
    text = HEAD + "二、三公经费\n上年公务接待费支出决算为3.50万元。\n2030年度公务接待费支出决算为3.50万元。"
    (report,) = check_package(package(text, last_year=BEFORE))
    assert len([f for f in report.findings if f.kind == "last_year"]) == 1


TABLE = """支出决算对比表
单位：万元
项目\t2029年决算数\t2030年决算数
信息系统维护\t11.20\t12.40
宣传活动\t5.10\t4.70"""


@pytest.mark.parametrize(("cell", "verdict"), [("12.40", "consistent"), ("14.20", "inconsistent")])
def test_column_of_last_year_in_any_table(cell: str, verdict: str) -> None:
    now = (
        f"支出决算对比表\n单位：万元\n项目\t上年决算数\t2031年决算数\n信息系统维护\t{cell}\t13.00\n宣传活动\t4.70\t4.90"
    )
    checks = found(HEAD + now, BEFORE + "\n" + TABLE)
    assert (verdict, cell, "12.40") in said(checks)
    assert ("consistent", "4.70", "4.70") in said(checks)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ("比上年增加900万元", "consistent"),
        ("比上年增加600万元", "suspicious"),
        ("同比增长4.39%", "consistent"),
        ("同比增长9.34%", "suspicious"),
        ("比上年减少900万元", "suspicious"),
    ],
)
def test_growth_against_last_years_document(change: str, verdict: str) -> None:
    text = HEAD + f"二、城乡居民基本医疗保险基金情况\n2031年城乡居民基本医疗保险基金总收入21400万元，{change}。"
    assert [v for v, *_ in said(found(text))] == [verdict]


def test_growth_over_the_budget_is_no_growth_over_last_year() -> None:
    text = (
        HEAD
        + "二、城乡居民基本医疗保险基金情况\n2031年城乡居民基本医疗保险基金总收入21400万元，比年初预算增加400万元。"
    )
    assert said(found(text)) == []


def stale(checks: Sequence[Check]) -> list[Check]:
    return [c for c in checks if "旧稿未更新" in c.message]


def test_a_sentence_with_last_years_date_is_stale() -> None:
    text = HEAD + "四、自评工作\n2030年4月14日至18日，局自评小组检查2个项目，涉及资金45.60万元，资金执行率96.20%。"
    (check,) = stale(found(text))
    assert check.verdict == "suspicious"
    assert "2030年4月14日" in check.evidence.quote
    assert check.related[0].place.file == "上年.txt"


def test_a_new_year_over_old_amounts_is_stale() -> None:
    text = HEAD + "2031年度本年收入合计140.00万元，本年支出合计138.50万元，年末结转和结余13.60万元。"
    (check,) = stale(found(text))
    assert "有1处" in check.message


def test_all_stale_sentences_are_one_warning() -> None:
    (report,) = check_package(package(BEFORE.replace("2030年度云岭县", "2031年度云岭县"), last_year=BEFORE))
    assert len([f for f in report.findings if "旧稿未更新" in f.message]) == 1


def test_a_value_that_was_left_over_in_one_place_is_stale() -> None:
    text = (
        HEAD
        + "二、三公经费\n公务用车运行维护费支出决算为6.00万元。\n三、其他\n公务接待费支出决算为2.90万元。\n四、说明\n公务接待费支出决算为3.20万元。"
    )
    (check,) = stale(found(text))
    assert "3.20" in check.evidence.quote


@pytest.mark.parametrize(
    "sentence",
    [
        "一级医院起付线200元，二级医院500元，报销比例分别为90.5%和80.5%。",
        "根据2030年印发的文件，居民每人每年筹资标准为1020元。",
        "全局编制41人，在职人员38人。",
        "自2030年起，全县推行按病种付费，共有12家医院参加。",
    ],
)
def test_policy_history_and_counts_may_stay_as_they_were(sentence: str) -> None:
    assert stale(found(f"{HEAD}五、其他\n{sentence}", f"{BEFORE}\n五、其他\n{sentence}")) == []


def test_an_updated_document_is_not_stale() -> None:
    text = HEAD + "2031年度本年收入合计150.00万元，本年支出合计141.20万元，年末结转和结余22.40万元。"
    assert stale(found(text)) == []


def test_a_file_of_the_same_year_is_not_compared() -> None:
    (check,) = found(BEFORE)
    assert check.verdict == "uncheckable"
    assert "没有比较" in check.message


def test_roles_may_stand_in_any_order() -> None:
    mixed = Package((source(BEFORE, "上年.txt", "last_year"), source(HEAD + "年初结转和结余16.30万元。")))
    assert said(list(last_year.run(read(mixed))), "carry_forward") == [("inconsistent", "16.30万元", "13.60万元")]
