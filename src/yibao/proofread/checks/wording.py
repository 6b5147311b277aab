"""Slips of the pen: typing slips, doubled words and marks, open brackets, rare characters, 2020度; degree words; tense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from yibao.proofread.checks import degrees, tense, typos
from yibao.proofread.checks.passages import Passage, flat_tables, passages
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.prose import Sentence
from yibao.proofread.reading import Reading

MAX_INFOS = 8  #: places of one kind of slip in one file that are told
_MARKS = re.compile(
    r"(?:，，|、、|；；|：：|(?<!。)。。(?!。)|，[。；：、]|[；：、]，|、[。；]|；。|。[，、；]|：[。；])"
)
_TWICE = re.compile(r"([\u4e00-\u9fff]{2,6})\1")
_TWICE_ONE = re.compile(
    r"的的|了了|是是|在在(?!职|建|线|校|岗|编)|和和(?!谐|睦|平)|与与(?!会)|为为(?!民)|将将|对对(?!口|象|外|下|方|接)"
)
_MAY_STAND_TWICE = re.compile(
    r"^[一每步层]|^(?:方方|面面|多多|少少|好好|常常|天天|人人|家家|户户|时时|处处|事事|代代|年年|月月)|[.…]"
)
_TORN_YEAR = re.compile(r"(?:(?:^|：)\d{1,2}[.、]|(?<![\d.]))(?P<y>20\d{2})度(?=[\u4e00-\u9fff])(?![电数量角假])")
_CUT_YEAR = re.compile(r"(?<![\d.])(?P<y>20\d)年度|(?<![\d.])(?P<y2>20\d{3,})年度?")
_NO_YEAR_WORD = re.compile(r"(?<![\d.\-/])(?P<y>20\d{2})(?=(?:市|县|区|省)财政|终结余|末结余)")
_COMPARISON = re.compile(r"^[》《]=?\d[\d.]*[%万亿人家元]*")
_RARE = re.compile(r"[\u3400-\u4dbf\U00020000-\U0003ffff]")
_BROKEN = re.compile(r"[\ufffd\ue000-\uf8ff]")
_NAMED_PART = re.compile(
    r"(?P<stem>(?:基本|项目|经营|其他|资本性|人员|公用)(?:支出|经费|收入))(?P<word>预算|决算)(?:数)?$"
)
_PAIRS = (("（", "）", "括号"), ("《", "》", "书名号"), ("【", "】", "方括号"))
_QUOTES = ("“", "”")


def run(reading: Reading) -> Iterator[Check]:
    yield from typos.run(reading)
    yield from degrees.run(reading)
    yield from tense.run(reading)
    for sentence in reading.sentences:
        yield from _budget_or_final(sentence)
    for file in reading.files:
        told: dict[str, int] = {}
        rows = flat_tables(file)
        for passage in passages(file):
            for check in _of_passage(passage, passage.block in rows):
                told[check.cause] = told.get(check.cause, 0) + 1
                if check.weight is not Severity.INFO or told[check.cause] <= MAX_INFOS:
                    yield check


def _budget_or_final(sentence: Sentence) -> Iterator[Check]:
    """决算总支出…，其中：基本支出预算…，项目支出决算…: one part of a list is called by the other word."""
    before, _, _ = sentence.text.partition("其中")
    whole = [word for word in ("预算", "决算") if word in before]
    if len(whole) != 1 or "其中" not in sentence.text:
        return
    parts = [(m, found) for m in sentence.mentions if m.dimension == "money" and (found := _NAMED_PART.search(m.label))]
    right = [m for m, found in parts if found["word"] == whole[0]]
    wrong = [(m, found) for m, found in parts if found["word"] != whole[0]]
    stems = [found["stem"] for _, found in parts]
    if not right or len(wrong) != 1 or len(set(stems)) < len(stems):
        return
    mention, found = wrong[0]
    expected = found["stem"] + whole[0]
    message = f"各项都是{whole[0]}，此处写“{found.group()}”，疑为“{expected}”"
    related = tuple(m.evidence for m in right[:2])
    severity = Severity.WARNING
    evidence = mention.evidence
    yield Check(
        "label", Verdict.INCONSISTENT, evidence, found.group(), expected, message, "预算与决算写混", related, severity
    )


def _of_passage(passage: Passage, in_table: bool) -> Iterator[Check]:
    yield from _years(passage)
    yield from _comparison_signs(passage)
    yield from _characters(passage)
    if not passage.is_cell and not in_table:
        yield from _marks(passage)
        yield from _doubled(passage)
        yield from _brackets(passage)


def _slip(
    evidence: Evidence,
    stated: str,
    message: str,
    cause: str,
    expected: str | None = None,
    severity: Severity | None = None,
) -> Check:
    return Check("typo", Verdict.SUSPICIOUS, evidence, stated, expected, message, cause, severity=severity)


def _years(passage: Passage) -> Iterator[Check]:
    for m in _TORN_YEAR.finditer(passage.text):
        expected = f"{m['y']}年度"
        words = f"{m['y']}度"
        yield _slip(passage.clause(m.start("y"), m.end()), words, f"“{words}”疑漏“年”字", "年份漏字", expected)
    for m in _CUT_YEAR.finditer(passage.text):
        yield _slip(passage.clause(m.start(), m.end()), m.group(), f"“{m.group()}”年份位数不对", "年份位数")
    for m in _NO_YEAR_WORD.finditer(passage.text):
        evidence = passage.clause(m.start(), m.end())
        yield _slip(evidence, m["y"], f"“{m['y']}”后疑漏“年”字", "年份后漏年字", f"{m['y']}年", Severity.INFO)


def _comparison_signs(passage: Passage) -> Iterator[Check]:
    """》80% in a cell: a book-title mark where ≥ is meant."""
    m = _COMPARISON.match(passage.text) if passage.is_cell else None
    if m is not None:
        right = m.group().replace("》", "≥").replace("《", "≤")
        yield _slip(
            passage.cite(0, m.end()), m.group(), f"“{m.group()}”疑为“{right}”，比较符号误用书名号", "比较符号", right
        )


def _characters(passage: Passage) -> Iterator[Check]:
    if len(passage.text) > 6:
        for m in _RARE.finditer(passage.text):
            yield _slip(
                passage.clause(m.start(), m.end()), m.group(), f"“{m.group()}”为罕用字，疑录入或识别错误", "罕用字"
            )
    for m in islice(_BROKEN.finditer(passage.text, 2), 1):
        yield _slip(
            passage.clause(m.start(), m.end()),
            m.group(),
            "有无法显示的字符，疑转换时损坏",
            "损坏字符",
            severity=Severity.INFO,
        )


def _marks(passage: Passage) -> Iterator[Check]:
    for m in _MARKS.finditer(passage.text):
        evidence = passage.cite(max(0, m.start() - 12), min(len(passage.text), m.end() + 4))
        yield _slip(evidence, m.group(), f"标点“{m.group()}”连用", "标点连用", severity=Severity.INFO)


def _doubled(passage: Passage) -> Iterator[Check]:
    """A word printed twice in a row, with nothing between in the file either."""
    for m in _TWICE.finditer(passage.text):
        a, b = passage.norm.span(m.start(), m.end())
        if b - a != len(m.group()) or _MAY_STAND_TWICE.search(m[1]) or len(set(m[1])) == 1:
            continue
        evidence = passage.clause(max(0, m.start() - 4), m.end())
        yield _slip(evidence, m.group(), f"“{m[1]}”疑重复", "词语重复", m[1])
    for m in _TWICE_ONE.finditer(passage.text):
        evidence = passage.clause(max(0, m.start() - 4), min(len(passage.text), m.end() + 4), 20)
        yield _slip(evidence, m.group(), f"“{m.group()[0]}”疑重复", "单字重复", m.group()[0], Severity.INFO)


def _brackets(passage: Passage) -> Iterator[Check]:
    """Brackets that do not close within a paragraph which is whole: it begins and ends like one."""
    if not passage.text.endswith(("。", "；")) or len(passage.text) > 2_000:
        return
    for opening, closing, name in _PAIRS:
        opened, closed = passage.text.count(opening), passage.text.count(closing)
        if opened != closed:
            at = passage.text.rfind(opening) if opened > closed else passage.text.find(closing)
            evidence = passage.clause(at, at + 1)
            yield _slip(
                evidence, opening if opened > closed else closing, f"{name}不成对", "括号不成对", severity=Severity.INFO
            )
    raw = passage.norm.raw
    if raw.count(_QUOTES[0]) != raw.count(_QUOTES[1]):
        at = passage.text.find('"')
        yield _slip(passage.clause(at, at + 1), "“”", "引号不成对", "引号不成对", severity=Severity.INFO)
