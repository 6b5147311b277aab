"""The contents against the headings of the text."""

from __future__ import annotations

import pytest

from tests.proofread.checks.said import ACCOUNTS, BUDGET, checks, held, loud, one
from tests.proofread.documents import package
from yibao.proofread.checks import toc
from yibao.proofread.checks.contents import find_contents
from yibao.proofread.reading import read

ENTRIES = (
    "第一部分 部门概况",
    "一、主要职责",
    "二、机构设置",
    "第二部分 决算情况说明",
    "一、收入情况说明",
    "二、支出情况说明",
    "三、三公经费说明",
)
BODY = "本部分按照实际情况填列，数据来自年度决算报表。"


def document(entries: tuple[str, ...] = ENTRIES, body: tuple[str, ...] = ENTRIES, tail: str = "") -> str:
    return ACCOUNTS + "目录\n" + "\n".join(e + tail for e in entries) + "\n" + "\n".join(f"{b}\n{BODY}" for b in body)


def swapped(old: str, new: str) -> tuple[str, ...]:
    return tuple(new if entry == old else entry for entry in ENTRIES)


@pytest.mark.parametrize("tail", ["", "………………3", "\t12", " PAGEREF _Toc12 h 3", "..........(4)"])
def test_contents_that_agree_hold(tail: str) -> None:
    text = document(tail=tail)
    assert loud(toc.run, text) == []
    assert len(held(toc.run, text)) == len(ENTRIES)


def test_an_entry_that_the_text_lacks() -> None:
    check = one(toc.run, document(body=tuple(b for b in ENTRIES if "支出情况" not in b)))
    assert "二、支出情况说明" in check.evidence.quote
    assert str(check.weight) == "warning"


def test_other_words_in_the_text() -> None:
    check = one(toc.run, document(body=swapped("二、机构设置", "二、机构设置及决算单位构成")))
    assert (check.evidence.quote, check.expected) == ("二、机构设置", "二、机构设置及决算单位构成")


def test_another_number_in_the_text() -> None:
    check = one(toc.run, document(body=swapped("三、三公经费说明", "四、三公经费说明")))
    assert check.expected == "四、"


def test_the_other_way_round_in_the_text() -> None:
    body = (*ENTRIES[:4], "二、支出情况说明", "一、收入情况说明", ENTRIES[6])
    assert [quote for _, quote in loud(toc.run, document(body=body))] == ["二、支出情况说明"]


def test_the_short_name_of_the_unit_is_the_same() -> None:
    first = "第一部分 云岭县医疗保障局概况"
    body = swapped(ENTRIES[0], "第一部分 云岭县医保局概况")
    text = document(swapped(ENTRIES[0], first), body) + "\n部门：云岭县医疗保障局\n" * 3
    assert loud(toc.run, text) == []


def test_a_title_of_the_own_unit_stands_for_the_word_unit() -> None:
    text = (
        BUDGET
        + "目录\n一、部门主要职能\n二、部门机构设置\n三、名词解释\n"
        + (f"云岭县医疗保障局主要职能\n{BODY}\n云岭县医疗保障局机构设置\n{BODY}\n名词解释\n{BODY}")
    )
    assert loud(toc.run, text) == []


def test_a_title_torn_over_two_lines() -> None:
    entries = swapped("一、收入情况说明", "一、一般公共预算财政拨款基本支出决算情况\n说明")
    body = swapped("一、收入情况说明", "一、一般公共预算财政拨款基本支出决算情况说明")
    assert loud(toc.run, document(entries, body)) == []


def test_a_part_and_its_title_on_two_lines() -> None:
    assert loud(toc.run, document(body=("第一部分\n部门概况", *ENTRIES[1:]))) == []


def test_an_entry_over_others_need_not_be_repeated() -> None:
    entries = ("一、部门职责", "二、部门预算表", "1.收支总表", "2.收入总表", "三、名词解释")
    body = ("一、部门职责", "收支总表", "收入总表", "三、名词解释")
    assert loud(toc.run, document(entries, body)) == []


def test_where_the_contents_end() -> None:
    file = read(package(document())).files[0]
    contents = find_contents(file)
    assert contents is not None
    assert len(contents.entries) == len(ENTRIES)
    assert file.norms[contents.end].text.startswith("第一部分")


def test_without_contents_nothing_is_checked() -> None:
    assert checks(toc.run, ACCOUNTS + "一、部门概况\n" + BODY) == []


def test_a_very_long_line_of_dots_takes_no_time() -> None:
    text = ACCOUNTS + "目录\n一、概况" + " ." * 60_000 + "\n二、说明\n三、附件\n一、概况\n"
    assert isinstance(checks(toc.run, text), list)
