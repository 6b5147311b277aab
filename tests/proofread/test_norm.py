"""Normalised text and the way back to the characters of the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.proofread.norm import normalise

#: what documents consist of, and what they should not
CHARACTERS = st.sampled_from(
    "0123456789０１２３4５.．,，;；:：()（）〔〕－−–—-%％*#`“”\"'‘’ \t\n\u3000\u200b\ufeff\u00ad甲乙万元人≧≦＞＜＝～×\ud800\x00"
)
TEXTS = st.text(CHARACTERS, max_size=60) | st.text(max_size=40)


@given(TEXTS)
def test_every_character_knows_its_place(raw: str) -> None:
    norm = normalise(raw)
    assert len(norm.text) == len(norm.pos)
    assert list(norm.pos) == sorted(norm.pos)
    assert all(0 <= p < len(raw) for p in norm.pos)


@given(TEXTS)
def test_a_span_is_literal_text_that_normalises_to_itself(raw: str) -> None:
    norm = normalise(raw)
    start, end = norm.span(0, len(norm.text))
    assert norm.quote(0, len(norm.text)) == raw[start:end]
    for i, char in enumerate(norm.text):
        if char not in "\u2423":
            assert normalise(raw[norm.pos[i]]).text in (char, "：", "，", ""), (char, raw)


@given(TEXTS)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw).text
    assert normalise(once).text == once


@given(TEXTS)
def test_no_blank_and_no_full_width_digit_is_left(raw: str) -> None:
    text = normalise(raw).text
    assert not any(char.isspace() for char in text)
    assert not any("０" <= char <= "９" for char in text)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("１２３", "123"),
        ("1,234,567.80", "1234567.80"),
        ("1，234万元", "1234万元"),
        ("12,34", "12，34"),
        ("1,2345", "1，2345"),
        ("12.5,678", "12.5，678"),
        ("31人,其中9人", "31人，其中9人"),
        ("9:30", "9:30"),
        ("单位:万元", "单位：万元"),
        ("1∶20", "1∶20"),
        ("31 人", "31人"),
        ("2 092.71", "2␣092.71"),
        ("5 6", "5␣6"),
        ("**41**人", "41人"),
        ("〔2031〕5号", "（2031）5号"),
        ("[2031]5号", "[2031]5号"),
        ("－5", "-5"),
        ("—5", "-5"),
        ("９５．４４％", "95.44%"),
        ("≧90", "≥90"),
        ("“三公”", '"三公"'),
        ("甲\u3000乙", "甲乙"),
        ("甲\u200b乙", "甲乙"),
        ("", ""),
        ("*#`", ""),
        ("⾦额", "金额"),
    ],
)
def test_normal_form(raw: str, text: str) -> None:
    assert normalise(raw).text == text


@pytest.mark.parametrize("raw", ["编制 ３１ 人", "**编制31人**", "编 制\n31人", "编制31\u200b人"])
def test_a_quote_is_literal(raw: str) -> None:
    norm = normalise(raw)
    assert norm.text == "编制31人"
    quote = norm.quote(0, 5)
    assert quote in raw
    assert quote[0] == "编"
    assert quote[-1] == "人"


def test_an_empty_span_is_empty() -> None:
    assert normalise("甲乙").quote(1, 1) == ""
    assert normalise("").quote(0, 5) == ""
