"""A document is hostile input: nothing crashes, and the work grows with the text (sizes that would hang if it grew with its square).

No time is asserted: what hangs is stopped by whoever runs the tests.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.proofread import check_package, compare
from yibao.proofread.document import Cell, Package, Paragraph, Source, Table
from yibao.proofread.findings import Report
from yibao.proofread.report import render_json, render_text

KIB = 1024


def package(*paragraphs: str) -> Package:
    return Package((Source("样例.txt", "text", tuple(Paragraph(p) for p in paragraphs)),))


def proofread(*paragraphs: str) -> Report:
    (report,) = check_package(package(*paragraphs))
    shown = json.loads(render_json([report], as_list=False))
    assert [f["kind"] for f in shown["findings"]] == [f.kind for f in report.findings]
    assert render_text([report])
    whole = "\n".join(paragraphs)
    assert all(f.evidence.quote in whole for f in report.findings)
    return report


def up_to(size: int, text: str) -> str:
    return (text * (size // len(text) + 1))[:size]


@pytest.mark.parametrize(
    "unit",
    [
        "医疗保障基金收入5万元支出",  # no punctuation at all
        "其中",
        "占",
        "占%",
        "：",
        "，",
        "。",
        "（",
        "）",
        "（其中",
        '"',
        "1",
        "1.",
        "1,",
        "1，",
        "-",
        "－1",
        "%",
        "年",
        "2031年",
        "1月",
        "第1",
        "一、",
        "（一）",
        "第一部分",
        "附件1",
        "增加",
        "比上年",
        "（款）（项）",
        "3个科室：甲、乙、丙、",
        "5个单位，分别是甲、",
        "其中：甲5万元，占5%；",
        "由5万元提高到",
        "主要原因是",
        "共计5万元，",
        "三公",
        "XX",
        " ",
        "\u3000",
        "\x00",
        "\ud800",
        "\u200b",
        "*",
        "𠀀",
    ],
)
def test_one_unit_repeated_100_kib(unit: str) -> None:
    proofread(up_to(100 * KIB, unit))


def test_ten_thousand_numbers_in_a_sentence() -> None:
    proofread("合计5万元，其中" + "，".join(f"第{i % 97}类{i}.5万元" for i in range(10_000)) + "。")


def test_ten_thousand_numbers_without_a_unit() -> None:
    proofread("合计" + " ".join(str(i) for i in range(10_000)))


def test_ten_thousand_sentences_in_a_paragraph() -> None:
    proofread("收入5万元，比上年增加1万元，增长25%。" * 10_000)


def test_four_thousand_paragraphs_with_a_share() -> None:
    proofread(*["职工医保参保4.21万人，占参保总人数的8.00%。"] * 4_000)


def test_ten_thousand_headings() -> None:
    proofread(*[f"（一）第{i}项" for i in range(10_000)])


def test_headings_in_every_depth() -> None:
    proofread(
        *[
            f"{'#' * (i % 7)}{mark}甲（{i % 9}分）"
            for i in range(1_000)
            for mark in ("一、", "（一）", "1.", "（1）", "①")
        ]
    )


def test_thousands_of_items() -> None:
    item = "社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）。支出决算为{}.10万元。"
    proofread(*[f"{i % 99 + 1}.{item.format(i)}" for i in range(2_000)])


def test_thousands_of_equal_passages() -> None:
    text = "本年度围绕基金安全开展专项检查，出动检查人员210人次，核查疑点数据3560条，约谈医药机构负责人26人，各项工作按计划完成，群众反映总体较好，社会效益明显。"
    proofread(*[text] * 1_500)


def test_thousands_of_passages_that_differ_a_little() -> None:
    proofread(
        *[
            f"本年度围绕第{i}项重点开展专项检查，出动检查人员{i}人次，核查疑点数据{i + 7}条，约谈医药机构负责人{i % 31}人，各项工作按计划完成，群众反映总体较好，社会效益明显。"
            for i in range(1_500)
        ]
    )


@pytest.mark.parametrize("depth", [10, 1_000, 20_000])
def test_nested_brackets(depth: int) -> None:
    proofread("合计31人" + "（其中9人" * depth + "）" * depth)
    proofread("合计31人" + "）" * depth + "（其中9人" * depth)


@pytest.mark.parametrize(
    "text",
    [
        "支出99999999999999999亿元，占全年预算0.000000000000001元的5.00%。",
        "支出合计0.000000000000001元，其中项目支出99999999999999999亿元，占支出合计的15.00%。",
        "本年支出99999999999999999亿元，上年支出0.0000000000000001元，增长5.00%。",
        "共筹资99999999999999999亿元，参保0.00000000000001万人，人均0.0000001元。",
        "合计" + "9" * 400 + "万元，其中甲" + "8" * 400 + "万元，乙1万元。",
        "合计0." + "1" * 400 + "元，其中甲0." + "3" * 400 + "元，乙1元。",
        "由0元增加到99999999999999999亿元，增加0元，增长0%。",
        "收入-0元，支出-0.0元，结余0元，结余率-0%。",
    ],
)
def test_numbers_of_any_size(text: str) -> None:
    proofread(text)


@pytest.mark.parametrize(
    "text",
    [
        "核定编制\x0031\x1b[31m人，其中行政编制9人、事业编制22人。",
        "核定编制31人\ud800，其中\udfff行政编制9人、事业编制22人。",
        "核定编制31人\u202e，其中行政编制9人、事业编制22人。",
        "\ufeff核定编制31人\u0301，其中行政编制9人、事业编制22人。",
        "核定编制３１人，其中行政编制٩人、事业编制２２人。",
        "核定编制31人\r，其中\v行政编制9人\f、事业编制22人。",
    ],
)
def test_control_characters_and_lone_surrogates(text: str) -> None:
    report = proofread(text)
    assert report.path == "样例.txt"


def table(rows: list[list[str]]) -> Table:
    return Table(
        tuple(tuple(Cell(text, r, c) for c, text in enumerate(row)) for r, row in enumerate(rows)), "支出决算表", "万元"
    )


def tables(*rows: list[list[str]]) -> Package:
    return Package((Source("样例.txt", "text", tuple(table(r) for r in rows)),))


def test_a_very_long_table() -> None:
    check_package(
        tables(
            [
                ["项目", "预算数", "决算数"],
                *[[f"第{i}项", str(i), str(i + 1)] for i in range(20_000)],
                ["合计", "1", "2"],
            ]
        )
    )


def test_a_very_wide_table() -> None:
    check_package(tables([[f"第{i}列" for i in range(5_000)], [str(i) for i in range(5_000)]]))


def test_thousands_of_tables() -> None:
    check_package(tables(*[[["项目", "决算数"], ["甲", "1.00"], ["合计", "1.00"]]] * 2_000))


def test_empty_and_ragged_tables() -> None:
    check_package(tables([], [[]], [["合计"]], [["", ""], ["合计"], ["甲", "1", "2", "3"]]))


def test_cells_of_any_length() -> None:
    check_package(tables([["项目", "决算数"], [up_to(100 * KIB, "其中5万元，"), up_to(100 * KIB, "9")], ["合计", "1"]]))


def test_comparing_two_hostile_documents() -> None:
    compare(package(*["收入5万元。"] * 10_000), package(*["收入6万元。"] * 10_001))
    compare(package("收入5万元，" * 10_000), package("收入6万元，" * 10_000))
    compare(package(up_to(100 * KIB, "收入5")), package(up_to(100 * KIB, "支出6")))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(
            st.sampled_from(
                "甲乙其中占比增减收入支出预算决算率万元亿人家次%（）()，。；：、“”0123456789.,-~≥≤#*\n\t 年月日一二三第项款类共计合为由到上年增长\x00\ud800"
            ),
            max_size=120,
        ),
        max_size=6,
    )
)
def test_any_text_is_proofread(paragraphs: list[str]) -> None:
    proofread(*paragraphs)
