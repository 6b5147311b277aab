"""Sentences and the numbers in them: what is a quantity, what it is called, and which part it plays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.proofread.document import Place
from yibao.proofread.norm import normalise
from yibao.proofread.prose import MAX_MENTIONS, MAX_QUOTE, MAX_SENTENCE, Mention, Sentence, label_of, read_sentences


def sentences(text: str) -> list[Sentence]:
    return read_sentences(normalise(text), 0, (), Place("样例.txt", 0))


def mentions(text: str) -> list[Mention]:
    return [m for s in sentences(text) for m in s.mentions]


def one(text: str) -> Mention:
    (found,) = mentions(text)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "2031年度", "2031-2033年", "2031.4.18", "2031/2032", "31年度决算", "4月14日", "5月底", "12月份", "4月14日至18日", "18日",
        "第3批", "第2.1节", "（2031）5号", "云医保发〔2031〕12号", "12号文件", "DIP2.0", "A4", "1:20", "9:30", "3/4", "12+X", "3+2",
        '“12393”', "9时30分", "10点", "3、检查情况", "（1）检查情况", "2.检查情况", "1）检查情况", "公开05表", "附表3", "附件3-1", "图2", "0731-8888888", "2031",
    ],
)  # fmt: skip
def test_what_is_no_quantity(text: str) -> None:
    assert mentions(text) == []


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("编制31人", "31人"), ("支付5.3个月", "5.3个月"), ("3个月末结余", "3个月"), ("日均20人", "20人"),
        ("检查2031家", "2031家"), ("支出2031万元", "2031万元"), ("得分9.5分", "9.5分"), ("第三季度支出5万元", "5万元"), ("1.5亿元", "1.5亿元"),
    ],
)  # fmt: skip
def test_what_is_a_quantity(text: str, raw: str) -> None:
    assert raw in [m.quantity.raw for m in mentions(text)]


@pytest.mark.parametrize(
    ("lead", "label"),
    [
        ("，其中：基本支出", "基本支出"),
        ("年末实有在职人员为", "实有在职人员"),
        ("占基本支出的", "占基本支出的"),
        ("2031年度收入合计", "收入"),
        ("。全年基金总支出达到", "基金总支出"),
        ("因公出国（境）费支出", "因公出国费支出"),
        ("住房保障（类）支出决算为", "住房保障支出决算"),
        ("，一是追回基金共计", "追回基金"),
        ("、事业编制", "事业编制"),
        ("主要用于办公费", "办公费"),
        ("截至2031年末参保人数", "参保人数"),
        ("，约", ""),
        ("：", ""),
        ("", ""),
    ],
)
def test_the_label_of_a_number(lead: str, label: str) -> None:
    assert label_of(lead) == label


@pytest.mark.parametrize(("text", "label"), [("40万元是稽核经费", "稽核经费"), ("30家医疗机构", "医疗机构")])
def test_a_label_may_stand_behind(text: str, label: str) -> None:
    assert one(text).label == label


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("增加5万元", 1), ("比上年增长5%", 1), ("上升5%", 1), ("净增5人", 1), ("增幅为5%", 1), ("增加额为5万元", 1), ("提高了5元", 1),
        ("减少5万元", -1), ("同比下降5%", -1), ("降幅达5%", -1), ("压减5万元", -1), ("节约5万元", -1), ("减少额5万元", -1), ("负增长5%", -1),
        ("增加到5万元", 0), ("提高至70%", 0), ("降为5元", 0), ("调整为5元", 0), ("支出5万元", 0), ("稳增长5项措施", 0), ("节能减5吨", 0),
    ],
)  # fmt: skip
def test_changes_and_their_direction(text: str, change: int) -> None:
    assert one(text).change == change


@pytest.mark.parametrize(
    ("text", "previous"),
    [
        ("上年人均751元", True), ("去年同期5万元", True), ("上年度支出5万元", True), ("比上年增加5万元", False), ("上年结转5万元", False),
        ("与上年相比5万元", False), ("本年支出5万元", False), ("上年结转结余5万元", False),
    ],
)  # fmt: skip
def test_last_years_numbers(text: str, previous: bool) -> None:
    assert one(text).previous is previous


def test_sentences_end_at_stops() -> None:
    assert [s.text for s in sentences("甲5人。乙6人！丙7人？丁8人")] == ["甲5人。", "乙6人！", "丙7人？", "丁8人"]


def test_a_closing_bracket_or_quotation_mark_belongs_to_its_sentence() -> None:
    assert [s.text for s in sentences("（甲5人。）乙6人。")] == ["（甲5人。）", "乙6人。"]
    assert [s.text for s in sentences("称“甲5人。”乙6人。")] == ['称"甲5人。"', "乙6人。"]


def test_brackets_are_counted() -> None:
    assert [m.depth for m in mentions("共31人（行政9人（局长1人）、事业22人），车2辆")] == [0, 1, 2, 1, 0]


def test_lead_and_tail_run_between_numbers() -> None:
    a, b = mentions("行政编制9人、事业编制22人，另有")
    assert (a.lead, a.tail, b.lead, b.tail) == ("行政编制", "、事业编制", "、事业编制", "，另有")


def test_evidence_is_the_literal_clause() -> None:
    a, b = mentions("核定 编制 ３１ 人，其中：行政 9 人")
    assert (a.evidence.quote, b.evidence.quote) == ("核定 编制 ３１ 人", "行政 9 人")


def test_a_label_before_a_colon_is_quoted() -> None:
    assert one("核定编制：31人").evidence.quote == "核定编制：31人"


def test_a_span_reads_from_the_first_to_the_last_number() -> None:
    text = "全局核定编制31人，其中行政编制9人、事业编制22人，另有车2辆"
    (s,) = sentences(text)
    assert s.span(s.mentions[0], s.mentions[2]).quote == "全局核定编制31人，其中行政编制9人、事业编制22人"


def test_a_long_span_is_cut() -> None:
    (s,) = sentences("编制31人，" + "很长的说明" * 60 + "，行政9人")
    assert len(s.span(s.mentions[0], s.mentions[1]).quote) <= MAX_QUOTE


def test_keys_are_unique_and_ascend() -> None:
    keys = [m.key for m in mentions("甲5人、乙5人。丙5人，丁5人")]
    assert keys == sorted(set(keys))


def test_sizes_are_bounded() -> None:
    (s,) = sentences("支出5万元" * 5000)
    assert len(s.text) <= MAX_SENTENCE
    assert len(s.mentions) <= MAX_MENTIONS


@given(st.text(st.sampled_from('甲乙其中占比增减年月日元万%（）()，。；：、0123456789.-~“" \n第号'), max_size=80))
def test_any_text_is_read(text: str) -> None:
    norm = normalise(text)
    for s in sentences(text):
        assert norm.text[s.start : s.end] == s.text
        for m in s.mentions:
            assert m.evidence.quote in norm.raw
            assert m.quantity.raw == norm.text[m.key[-1] : m.key[-1] + len(m.quantity.raw)]
            assert m.change in (-1, 0, 1)
            assert s.span(s.mentions[0], m).quote in norm.raw
