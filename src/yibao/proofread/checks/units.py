"""Units: missing among neighbours that carry one, printed twice, ten thousand times too small, % left out or over 100."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.proofread.checks.passages import Passage, all_passages, flat_tables
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.reading import Reading

JUMP = 1_000  #: how many times smaller than the smallest of its siblings an amount must be
SPREAD = 10  #: how far from its siblings it may lie once it is read in 亿元
LEAST_SIBLINGS = 2
SMALL = Decimal(100)  #: printed values below this are read again in the larger unit
SAME_COUNT = 1_000  #: a count that stands once as 人 and once as 人次
_DOUBLED = re.compile(
    r"\d(?:万万元|亿亿元|万元元|亿元元|元元|千千元|万万人|亿万元|%%|％％|‰‰|%‰|人次次|个个百分点|万元万元|亿元亿元)"
)
_RATE = r"(?:执行率|完成率|控制率|覆盖率|参保率|报销率|报销比例|满意度|满意率|结余率|使用率|到位率|合格率|增长率|下降率|占比|比重|增幅|降幅|资金支付率|采购率|刷卡率|公开率|知晓率|及时率)"
_NO_PERCENT = re.compile(
    rf"(?P<what>{_RATE}(?:分别|约|均)?(?:为|是|达到|达|：|仅为|高达)|(?:同比|比上年|较上年|与上年相比)?(?:增长|下降)(?:了|约)?"
    r"|完成(?:年初|全年|调整)?预算(?:数)?的|占(?![地用有比])[^，。；、\d]{0,16}?)(?P<n>\d{1,3}(?:\.\d{1,2})?)(?=[，。；、）]|$)"
)
_AMOUNT_BEFORE = re.compile(r"(?:[\d.]\s?[万亿]?元|(?:增加|减少)[\d.]+[万亿]?[元人家个])[，,]?$")
_NO_AMOUNT = re.compile(r"占|增长|下降|率|比例|比重|编号|第|得分|分值")
_SHARE = re.compile(
    r"(?:占比|占(?!用|有|地)[^，。；]{0,20}?|覆盖率|到位率|合格率|比重|公开率|及时率|知晓率)(?:分别|约)?(?:为|是|达到|达|：|的|仅为)?(?P<n>\d+(?:\.\d+)?)%"
)
_INSURED = re.compile(r"参保率(?:为|是|达到|达|：|约)*(?P<n>\d+(?:\.\d+)?)%")
_OVER_MAY_BE = re.compile(r"预算的|计划的|任务|目标|年初|同期|上年|合同|进度")
_YU_YUAN = re.compile(r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d+)?)(?:余|多)元(?![/每一])")
_YU_WAN = re.compile(r"\d(?:\.\d+)?(?:万(?:余|多)?|(?:余|多)万|亿(?:余|多)?)元")
_FUND = re.compile(r"基金|医保支付|结算|清算|预付|拨付|支付各|总收入|总支出|收入合计|支出合计")
_SMALL_BY_NATURE = re.compile(
    r"人均|每人|次均|罚|追回|处罚|奖|标准|培训|会议|接待|三公|经费|利息|违规|骗|补助|资助|扣|个案|单笔|起付|限额|办公|差旅|工资|津贴"
)
_NEGATIVE_COUNT = frozenset(("persons", "visits", "institutions", "institution visits", "辆", "批次", "件", "户", "台"))


def run(reading: Reading) -> Iterator[Check]:
    for sentence in reading.sentences:
        yield from _missing(sentence)
        yield from _negative(sentence)
    for paragraph in reading.paragraphs():
        yield from _jump(paragraph)
    yield from _persons_and_visits(reading)
    rows = {file.source.path: flat_tables(file) for file in reading.files}
    for passage in all_passages(reading):
        yield from _doubled(passage)
        if passage.block not in rows[passage.file.source.path]:
            yield from _percent(passage)
            yield from _yuan(passage)


def _evidence(sentence: Sentence, first: Mention, last: Mention) -> Evidence:
    """From the clause of one number to the words behind another."""
    tail = re.split(r"[，。；]", last.tail, maxsplit=1)[0][:24]
    start = first.quantity.start - len(first.clause)
    return Evidence(
        sentence.quote(sentence.start + max(0, start), sentence.start + last.quantity.end + len(tail)),
        last.evidence.place,
    )


def _missing(sentence: Sentence) -> Iterator[Check]:
    """113万元是…，34.62万元是…，40是…: a bare number among amounts that are told in the same words."""
    mentions = sentence.mentions
    for k, bare in enumerate(mentions):
        if bare.quantity.unit is not None or bare.quantity.approx or k == 0 or _NO_AMOUNT.search(bare.clause):
            continue
        money = [m for m in mentions[max(0, k - 3) : k + 3] if m.dimension == "money"]
        alike = [m for m in money if _same_words(m, bare)]
        if len(alike) < LEAST_SIBLINGS:
            continue
        unit = alike[0].quantity.unit
        if unit is None or len({m.quantity.unit for m in alike}) != 1:
            continue
        expected = f"{bare.quantity.raw}{unit.symbol}"
        message = f"同列各项都带“{unit.symbol}”，“{bare.quantity.raw}”缺单位，疑为“{expected}”"
        evidence = _evidence(sentence, mentions[k - 1], bare)
        related = tuple(m.evidence for m in alike[:3])
        yield Check(
            "unit",
            Verdict.INCONSISTENT,
            evidence,
            bare.quantity.raw,
            expected,
            message,
            "漏写单位",
            related,
            Severity.WARNING,
        )


def _same_words(m: Mention, bare: Mention) -> bool:
    """Followed by the same verb (40是…), or preceded by a name and followed by a stop."""
    verb = re.match(r"是|用于|为(?=[\u4e00-\u9fff])", bare.tail)
    if verb is not None:
        return m.tail.startswith(verb.group())
    stopped = bool(re.match(r"[，；、。）]", bare.tail)) and bool(bare.quantity.decimals)
    return (
        stopped
        and bool(re.match(r"[，；、。）]", m.tail))
        and bool(m.label)
        and bool(bare.label)
        and m.depth == bare.depth
    )


def _negative(sentence: Sentence) -> Iterator[Check]:
    for m in sentence.mentions:
        if m.quantity.value < 0 and m.dimension in _NEGATIVE_COUNT and not re.search(r"增|减|净|差|变动", m.clause):
            message = f"{m.label or '数量'}为负数“{m.quantity.raw}”"
            yield Check("unit", Verdict.SUSPICIOUS, m.evidence, m.quantity.raw, None, message, "数量为负")


def _jump(paragraph: Sequence[Sentence]) -> Iterator[Check]:
    """Fund payments of hundreds of millions in one list, and one of 1.1万元 between them."""
    money = [
        (s, m)
        for s in paragraph
        for m in s.mentions
        if m.dimension == "money" and m.quantity.base > 0 and _FUND.search(m.lead + m.label)
    ]
    for sentence, small in money:
        q = small.quantity
        if (
            q.unit is None
            or q.unit.symbol not in ("万元", "万")
            or q.value >= SMALL
            or q.approx
            or _SMALL_BY_NATURE.search(small.clause)
        ):
            continue
        siblings = [m for _, m in money if m is not small and not _SMALL_BY_NATURE.search(m.clause) and not m.change]
        if len(siblings) < LEAST_SIBLINGS or small.change:
            continue
        sizes = [m.quantity.base for m in siblings]
        larger = q.value * Decimal(100_000_000)
        in_yi = any(m.quantity.unit is not None and m.quantity.unit.symbol.startswith("亿") for m in siblings)
        if in_yi and min(sizes) >= q.base * JUMP and min(sizes) / SPREAD <= larger <= max(sizes) * SPREAD:
            expected = f"{q.value}亿元"
            message = f"同一段的基金支付都在{_smallest(siblings)}以上，“{q.raw}”相差千倍以上，疑为“{expected}”"
            related = tuple(m.evidence for m in siblings[:4])
            yield Check(
                "unit",
                Verdict.SUSPICIOUS,
                _evidence(sentence, small, small),
                q.raw,
                expected,
                message,
                "疑单位（万元/亿元）写错",
                related,
            )


def _smallest(mentions: Sequence[Mention]) -> str:
    return min(mentions, key=lambda m: m.quantity.base).quantity.raw


def _persons_and_visits(reading: Reading) -> Iterator[Check]:
    """One figure, once in 人 and once in 人次, for the same thing."""
    persons: dict[Decimal, Mention] = {}
    visits: dict[Decimal, Mention] = {}
    for sentence in reading.sentences:
        for m in sentence.mentions:
            if m.quantity.unit is None or m.quantity.base < SAME_COUNT or m.quantity.approx or m.quantity.operator:
                continue
            if m.dimension == "persons":
                persons.setdefault(m.quantity.base, m)
            elif m.quantity.unit.symbol in ("人次", "万人次"):
                visits.setdefault(m.quantity.base, m)
    for value in persons.keys() & visits.keys():
        a, b = persons[value], visits[value]
        if len(set(a.label) & set(b.label)) >= 2:
            message = f"同一个数一处写“{a.quantity.raw}”，一处写“{b.quantity.raw}”，人与人次不是一回事"
            yield Check(
                "unit",
                Verdict.SUSPICIOUS,
                a.evidence,
                a.quantity.raw,
                None,
                message,
                "人与人次混用",
                (b.evidence,),
                Severity.INFO,
            )


def _doubled(passage: Passage) -> Iterator[Check]:
    for m in _DOUBLED.finditer(passage.text):
        words = m.group()[1:]
        evidence = passage.clause(m.start(), m.end())
        yield Check("unit", Verdict.INCONSISTENT, evidence, words, None, f"单位“{words}”重复或不成单位", "单位重复")


def _percent(passage: Passage) -> Iterator[Check]:
    if not passage.is_cell:
        for m in _NO_PERCENT.finditer(passage.text):
            if _without_percent(passage.text, m):
                expected = f"{m['n']}%"
                message = f"“{m.group()}”后疑漏“%”"
                evidence = passage.clause(m.start(), m.end())
                yield Check(
                    "unit",
                    Verdict.INCONSISTENT,
                    evidence,
                    m["n"],
                    expected,
                    message,
                    "漏写百分号",
                    severity=Severity.WARNING,
                )
    for m in _SHARE.finditer(passage.text):
        if Decimal(m["n"]) > 100 and not _OVER_MAY_BE.search(m.group()):
            message = f"占比、覆盖率一类不会超过100%，此处为{m['n']}%"
            yield Check(
                "bound",
                Verdict.INCONSISTENT,
                passage.clause(m.start(), m.end()),
                f"{m['n']}%",
                None,
                message,
                "超过100%",
                severity=Severity.WARNING,
            )
    for m in _INSURED.finditer(passage.text):
        evidence = passage.clause(m.start(), m.end())
        if Decimal(m["n"]) > 100:
            message = f"参保率{m['n']}%超过100%，请说明分母（常住或户籍人口）"
            yield Check("bound", Verdict.SUSPICIOUS, evidence, f"{m['n']}%", None, message, "超过100%")


def _without_percent(text: str, m: re.Match[str]) -> bool:
    """A rate is a number over 1; a growth or a share stands behind an amount and has decimals, or others carry the %."""
    before = text[max(0, m.start() - 40) : m.start()]
    if re.search(r"分别|依次", before[-12:] + m["what"]):
        return False
    if re.match(_RATE, m["what"]):
        return Decimal(m["n"]) > 1
    if "." not in m["n"]:
        return False
    return m["what"].startswith("完成") or bool(_AMOUNT_BEFORE.search(before)) or ("%" in text and "元" in before)


def _yuan(passage: Passage) -> Iterator[Check]:
    """2.8余元 beside 2.9万余元: nobody counts in fractions of a yuan."""
    siblings = list(_YU_WAN.finditer(passage.text))
    for m in _YU_YUAN.finditer(passage.text):
        if "." not in m["n"] or not siblings:
            continue
        expected = f"{m['n']}万余元"
        related = tuple(passage.clause(s.start(), s.end()) for s in siblings[:3])
        message = f"同段各数为“{siblings[0].group()}”一类，“{m.group()}”疑漏“万”字"
        yield Check(
            "unit",
            Verdict.INCONSISTENT,
            passage.clause(m.start(), m.end()),
            m.group(),
            expected,
            message,
            "漏写“万”字",
            related,
            Severity.WARNING,
        )
