"""Places and quotes in words."""

from __future__ import annotations

import pytest

from tests.proofread.report import sample
from yibao.proofread.document import Place
from yibao.proofread.findings import Severity
from yibao.proofread.report.words import count_verdicts, excerpt, one_line, ordered, place_words, printable

LONG = "本年度继续推进各项工作，" * 8 + "全年支出1234567.89万元，比上年增加12.40万元，" + "其余各项按计划进行，" * 8


def test_excerpt_keeps_a_short_quote_whole() -> None:
    assert excerpt("合计\t7.80\n其中") == "合计｜7.80 其中"


def test_excerpt_is_cut_around_the_stated_number() -> None:
    short = excerpt(LONG, "1234567.89万元", 40)
    assert "1234567.89万元" in short
    assert len(short) < 60
    assert short.startswith("…")
    assert short.endswith("…")


@pytest.mark.parametrize("limit", range(5, 60))
def test_excerpt_never_cuts_a_number(limit: int) -> None:
    digits = excerpt(LONG, "1234567.89万元", limit)
    assert "1234567.89万元" in digits


def test_excerpt_ends_at_a_clause_where_one_is_near() -> None:
    assert excerpt(LONG, "1234567.89万元", 60).strip("…").endswith(("，", "元", "行"))


def test_what_could_steer_a_terminal_is_removed() -> None:
    assert printable("预算\x1b[31m\u202e表\x00\ud800") == "预算[31m表"
    assert one_line("一\r\n二") == "一 二"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("a/b.docx", 4, page=2, section=("一、概况", "（二）人员"), paragraph=7), "第2页 · 一、概况 / （二）人员 · 第7段"),
        (Place("b.xlsx", 0, table="表一", row=2, column=3, row_label="合计", column_label="决算数", address="D3"), "表“表一” · 第3行“合计” · 第4列“决算数” · 单元格D3"),
        (Place("b.xlsx", 0, row=2), "表格 · 第3行"),
        (Place("目录/b.txt", 0), "b.txt"),
    ],
)  # fmt: skip
def test_place_in_words(place: Place, words: str) -> None:
    assert place_words(place) == words


def test_place_in_the_same_table_is_not_named_twice() -> None:
    here = Place("b.xlsx", 0, table="表一", row=2, column=3)
    assert place_words(Place("b.xlsx", 0, table="表一", row=4, column=1), near=here) == "同表 · 第5行 · 第2列"
    assert place_words(Place("b.xlsx", 1, table="表二", row=4), near=here) == "表“表二” · 第5行"


def test_place_in_the_same_paragraph() -> None:
    here = Place("b.txt", 4, page=2, section=("一、概况",), paragraph=5)
    assert place_words(here, near=here) == "同段"
    assert place_words(Place("b.txt", 5, page=2, section=("一、概况",), paragraph=6), near=here) == "第2页 · 第6段"
    assert place_words(Place("b.txt", 9, section=("二、收支",), paragraph=10), near=here) == "二、收支 · 第10段"


def test_place_in_another_file_names_it() -> None:
    assert place_words(Place("C:\\公开\\决算.docx", 0, page=1), file=True) == "决算.docx · 第1页"


def test_findings_are_ordered_by_severity_then_by_place() -> None:
    findings = ordered(sample.report().findings)
    assert [f.kind for f in findings] == [
        "count_list",
        "difference",
        "control_rate",
        "text_vs_table",
        "score_sum",
        "semantic",
        "date",
        "percent_of",
    ]
    assert findings[-1].severity is Severity.INFO


def test_verdicts_are_counted_per_kind_in_the_order_of_the_catalogue() -> None:
    counts = count_verdicts(sample.report())
    assert list(counts)[:2] == ["sum", "difference"]
    assert sum(counts["sum"].values()) == 3
