"""Numbering of headings and lists, lost numbers, text pasted twice, attachments, required sections."""

from __future__ import annotations

import pytest

from tests.proofread.checks.said import ACCOUNTS, REPORT, checks, held, loud, one
from yibao.proofread.checks import structure
from yibao.proofread.findings import Severity, Verdict

BODY = "全年各项工作按计划推进，没有发生违规支出，资金拨付及时。"


def headings(*titles: str) -> str:
    return REPORT + "\n".join(f"{title}\n{BODY}" for title in titles)


def test_headings_in_order_hold() -> None:
    text = headings("一、单位概况", "二、支出情况", "三、绩效情况")
    assert held(structure.run, text) == ["一、单位概况"]
    assert loud(structure.run, text) == []


def test_a_jump_between_numbered_headings_is_an_error() -> None:
    check = one(structure.run, headings("一、单位概况", "二、支出情况", "四、绩效情况", "五、存在问题"))
    assert (check.weight, check.evidence.quote, check.expected) == (Severity.ERROR, "四、绩效情况", "三、")
    assert check.related[0].quote == "二、支出情况"


def test_the_heading_that_lost_its_number_is_quoted() -> None:
    text = headings("一、单位概况", "二、支出情况") + f"\n整体支出绩效情况\n{BODY}\n" + f"四、存在问题\n{BODY}"
    check = one(structure.run, text)
    assert (check.evidence.quote, check.expected, check.cause) == ("整体支出绩效情况", "三、", "标题编号丢失")
    assert [e.quote for e in check.related] == ["二、支出情况", "四、存在问题"]


def test_a_lost_first_number_is_a_warning() -> None:
    text = REPORT + f"单位基本概况\n{BODY}\n二、支出情况\n{BODY}\n三、绩效情况\n{BODY}"
    assert loud(structure.run, text) == [("warning", "单位基本概况")]


@pytest.mark.parametrize(
    ("numbers", "quote", "expected"),
    [("一二三三四", "（三）第三事项", "（四）"), ("一二三四二", "（二）第二事项", "（五）")],
)
def test_a_number_twice_is_an_error(numbers: str, quote: str, expected: str) -> None:
    lines = [f"（{n}）第{n}事项" + ("补充" if numbers.index(n) < i else "") for i, n in enumerate(numbers)]
    check = one(structure.run, headings("一、支出情况", *lines))
    assert (check.evidence.quote, check.expected, check.weight) == (quote + "补充", expected, Severity.ERROR)


def test_a_list_may_begin_anew_below_another_heading() -> None:
    lines = [f"{n}.完成第{n}项任务，群众满意。" for n in (1, 2, 3)]
    text = REPORT + "\n".join(["一、职责", *lines, "二、任务", *lines[:2], "三、目标", *lines])
    assert loud(structure.run, text) == []


def test_lists_nest_and_take_up_again() -> None:
    lines = [
        "1.总体情况。",
        "（1）收入。",
        "（2）支出。",
        "1.基本支出。",
        "2.项目支出。",
        "（3）结余。",
        "2.分项情况。",
    ]
    assert loud(structure.run, REPORT + "一、概况\n" + "\n".join(lines)) == []


def test_a_number_glued_to_the_sentence_before_is_no_gap() -> None:
    text = REPORT + "（一）负责参保登记。\n（二）负责基金监管。（三）\n负责待遇审核。\n（四）负责其他事项。"
    assert loud(structure.run, text) == []


def test_a_gap_of_arabic_numbers_needs_both_neighbours() -> None:
    proven = "\n".join(f"{n}.办理第{n}件实事，完成率较高。" for n in (1, 2, 4, 5))
    weak = "\n".join(f"{n}.办理第{n}件实事，完成率较高。" for n in (1, 3))
    assert loud(structure.run, REPORT + proven) == [("error", "4.办理第4件实事，完成率较高")]
    assert loud(structure.run, REPORT + weak) == [("warning", "3.办理第3件实事，完成率较高")]


def test_rows_of_a_flattened_table_are_no_headings() -> None:
    rows = "收入支出决算总表\n单位：万元\n一、财政拨款收入 52.10 一、公共服务支出 31.20\n四、其他收入 八、社会保障支出 20.90"
    text = ACCOUNTS + rows + "\n注：本表反映本年度收支。\n" + "第三部分 情况说明\n一、收入情况说明\n" + BODY
    assert loud(structure.run, text) == []


def test_the_contents_are_looked_at_apart() -> None:
    contents = "目录\n一、部门概况\n二、收入说明\n四、支出说明\n五、名词解释\n"
    text = ACCOUNTS + contents + "\n".join(f"{n}、{t}\n{BODY}" for n, t in zip("一二三四", "甲乙丙丁", strict=True))
    assert loud(structure.run, text) == [("warning", "四、支出说明")]


def test_a_known_section_without_number_behind_numbered_ones() -> None:
    text = headings("一、概况", "二、支出", "三、绩效") + "\n其他需要说明的情况\n无"
    check = one(structure.run, text)
    assert (check.evidence.quote, check.expected, check.verdict) == (
        "其他需要说明的情况",
        "四、",
        Verdict.SUSPICIOUS,
    )


def test_a_term_without_number_in_the_glossary() -> None:
    terms = [
        f"{n}、{w}：指单位取得的{w}。" for n, w in zip("一二三", ("事业收入", "经营收入", "其他收入"), strict=True)
    ]
    text = ACCOUNTS + "第四部分\n名词解释\n" + "\n".join(terms) + "\n机关运行经费：为保障机构运行的各项资金。"
    check = one(structure.run, text)
    assert check.evidence.quote.startswith("机关运行经费")
    assert check.expected == "四、"


def test_only_the_mark_is_left_of_a_number() -> None:
    text = headings("一、概况", "二、支出") + f"\n、国有资产占用情况说明\n{BODY}"
    assert loud(structure.run, text) == [("warning", "、国有资产占用情况说明")]


def test_paragraphs_pasted_twice() -> None:
    part = "\n".join(
        f"第{n}项工作已经完成，共涉及资金{n}0.5万元，群众普遍满意，资料已经归档，下一年度将继续推进落实。"
        for n in (1, 2, 3, 4)
    )
    check = one(structure.run, REPORT + part + "\n" + part)
    assert (check.weight, check.cause) == (Severity.WARNING, "整段重复")
    assert loud(structure.run, REPORT + part) == []


ORDINALS = "{}是健全制度。完善了八项制度。{}是加强培训。举办培训六期。{}是严格监督。检查机构九家。"


def test_ordinals_in_order_hold() -> None:
    assert held(structure.run, REPORT + ORDINALS.format("一", "二", "三")) == ["一是健全制度"]


@pytest.mark.parametrize(
    ("words", "severity"),
    [(("一", "三", "四"), "error"), (("二", "三", "四"), "warning"), (("一", "二", "二"), "error")],
)
def test_ordinals_out_of_order(words: tuple[str, str, str], severity: str) -> None:
    assert [found for found, _ in loud(structure.run, REPORT + ORDINALS.format(*words))] == [severity]


def test_ordinals_nest() -> None:
    text = "一是抓征缴。一是广泛宣传。二是上门服务。二是抓监管。三是抓服务。"
    assert loud(structure.run, REPORT + text) == []


def test_a_lone_first_is_an_info() -> None:
    found = checks(structure.run, REPORT + "一是强化宣传引导。全年开展活动三次。")
    assert [str(c.weight) for c in found] == ["info"]


def test_ordinals_of_the_paragraph_before_go_on() -> None:
    text = "一、做法\n（一）一是抓好宣传，印发资料。\n（二）二是抓好培训，组织三期。"
    assert loud(structure.run, REPORT + text) == []


def test_numbers_inside_a_cell() -> None:
    good = "年度主要工作\t1.抓好征缴。2.抓好监管。3.抓好服务。4.抓好改革。5.抓好队伍。"
    assert loud(structure.run, f"项目\t内容\n{good}") == []
    wrong = one(structure.run, f"项目\t内容\n{good.replace('4.抓', '3.抓')}")
    assert (wrong.weight, wrong.expected) == (Severity.ERROR, "4.")


LIST = "附件：1.2031年度部门整体支出绩效评价基础数据表\n2.2031年度部门整体支出绩效自评表\n3.2031年度医疗保险基金收支情况表\n"


def test_the_number_on_an_attachment_against_the_list() -> None:
    forms = "附件1\n2031年度部门整体支出绩效评价基础数据表\n附件2-1\n2031年度医疗保险基金收支情况表\n"
    check = one(structure.run, REPORT + LIST + forms)
    assert check.evidence.quote == "3.2031年度医疗保险基金收支情况表"
    assert check.related[0].quote == "附件2-1"


def test_an_attachment_that_is_absent_is_an_info_where_others_are_there() -> None:
    forms = "附件1\n2031年度部门整体支出绩效评价基础数据表\n附件3\n2031年度医疗保险基金收支情况表\n"
    found = [c for c in checks(structure.run, REPORT + LIST + forms) if c.weight is not None]
    assert [(str(c.weight), c.evidence.quote) for c in found] == [("info", "2.2031年度部门整体支出绩效自评表")]


def test_attachments_that_are_not_with_the_text_cannot_be_checked() -> None:
    found = checks(structure.run, REPORT + LIST)
    assert {c.verdict for c in found} == {Verdict.UNCHECKABLE}


def test_required_sections_of_final_accounts() -> None:
    titles = (
        "一、部门概况",
        "二、收入支出决算总体情况说明",
        "三、三公经费说明",
        "四、机关运行经费说明",
        "五、政府采购说明",
        "六、绩效情况说明",
    )
    text = ACCOUNTS + "\n".join(f"{t}\n" + BODY * 20 for t in titles)
    missing = [c.message for c in checks(structure.run, text) if c.severity is Severity.INFO]
    assert [m for m in missing if "国有资产" in m]
    assert [m for m in missing if "名词解释" in m]
    assert len(missing) == 2
