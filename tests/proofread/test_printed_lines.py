"""Lines, their words and their figures: what makes two lines the same line, and two figures the same figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proofread.documents import source
from yibao.proofread.document import Paragraph
from yibao.proofread.printed_lines import Figure, Line, lines_in, lines_of


def one(text: str) -> Line:
    (line,) = lines_in(text)
    return line


def raws(text: str) -> list[str]:
    return [f.raw for line in lines_in(text) for f in line.figures]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("支出 1,997.21 万元，占22.52%", ["1,997.21 万元", "22.52%"]),
        ("2025年4月8日公布", ["2025年4月8日"]),
        ("2021-2025年", ["2021-2025年"]),
        ("增长-5.2%", ["-5.2%"]),
        ("目标≥90%", ["≥90%"]),
        ("——5人", ["5人"]),
        ("参保４３.４７万人", ["４３.４７万人"]),
        ("三公经费", []),
        ("合计｜1.70｜（5.2）｜—｜100.00%", ["1.70", "（5.2）", "100.00%"]),
    ],
)
def test_figures(text: str, figures: list[str]) -> None:
    assert raws(text) == figures


def test_the_words_are_what_is_left() -> None:
    assert one("支出1997.21万元，占22.52%。").words == "支出，占。"
    assert one("合计｜5｜—｜产出（40分）").words == "合计｜产出（）"


def test_an_ordinal_is_told_from_a_figure() -> None:
    assert [f.ordinal for f in one("3.会议2次").figures] == [True, False]
    assert [f.ordinal for f in one("（12）会议2次").figures] == [True, False]
    assert [f.ordinal for f in one("3.5万元").figures] == [False]
    assert [f.ordinal for f in one("7｜会议费｜7").figures] == [True, False]
    assert one("3.会议2次").exact == one("4.会议2次").exact


def test_a_paragraph_is_its_sentences_and_a_row_is_one_line() -> None:
    assert [line.words for line in lines_in("甲5人。乙6人；丙。")] == ["甲。", "乙；", "丙。"]
    assert [(line.start, line.end) for line in lines_in("甲5人。乙6人")] == [(0, 4), (4, 7)]
    assert len(list(lines_in("甲。｜乙。"))) == 1


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("1.70", "1.7", True),
        ("1,234.50万元", "1234.5万元", True),
        ("（5.2）", "-5.2", True),
        ("12.09%", "12.9%", False),
        ("-5", "5", False),
        ("100万元", "100元", False),
        ("100万元", "100", False),
        ("≥90%", "≤90%", False),
        ("2025年", "2026年", False),
        ("43.47万人", "43.47亿人", False),
        ("2025年12月", "2025年11月", False),
    ],
)
def test_values(a: str, b: str, same: bool) -> None:
    assert (Figure(a, 0, 0, 0, 0).value == Figure(b, 0, 0, 0, 0).value) is same


def test_places_lead_back_to_the_characters() -> None:
    file = source("共有　６０ 人。支出5万元\n项目\t金额\n合计\t1.70\n其中\t（5.2）")
    assert sum(len(line.figures) for line in lines_of(file)) == 4
    for line in lines_of(file):
        block = file.blocks[line.block]
        for f in line.figures:
            text = block.raw[line.start :] if isinstance(block, Paragraph) else block.text(line.row or 0, f.cell)
            assert text[f.start : f.end] == f.raw


@given(st.text(alphabet="甲5.-,，。%万元（）｜：:~ \t2", max_size=60))
def test_any_text_is_read_and_says_the_same_twice(text: str) -> None:
    assert list(lines_in(text)) == list(lines_in(text))
    for line in lines_in(text):
        assert all(f.raw for f in line.figures)
        assert [f.slot for f in line.figures if f.cell == 0] == sorted(f.slot for f in line.figures if f.cell == 0)
