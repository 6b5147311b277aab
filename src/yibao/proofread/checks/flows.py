"""Stocks that flow, and rests that have a name: 上年末 + 新增 − 减少 = 年末, 资产 − 负债 = 净资产 (kinds sum, difference).

All the numbers of one relation stand in one sentence. What does not fit is an error where a slip of the keyboard explains
it, else a warning: another flow may not be printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yibao.proofread.checks.compare import compared, printed_sum, slip
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, total
from yibao.proofread.reading import Reading

_OPENING = re.compile(r"上年末|上年底|上年年末|去年底|去年末|年初|期初|月初|上期末|原有")
_CLOSING = re.compile(r"(?<![上去])年末|(?<!上年)(?<!去)年底|期末|现有|目前|(?<!上)月末|实有")
_IN = re.compile(r"(?:新增|增加|净增|转入|调入|录用|招录|考录|新签|新纳入|新开|接收)[^，；]{0,8}$")
_OUT = re.compile(r"(?:减少|退出|退休|调出|转出|死亡|停保|注销|辞职|解除|取消|核减|处置|报废|退回)[^，；]{0,8}$")
_LIMIT = re.compile(r"编制|预算|计划|目标")  #: what is allowed is no stock
_NET = re.compile(r"净?(?:减少|减|增加|增)(?:了)?$")
_BREAK = re.compile(r"[，；：。、（）]")
_MAX_FLOWS = 8


@dataclass(frozen=True, slots=True)
class _Rest:
    """A rest by its name, with the words of what it is left of and of what was taken."""

    name: re.Pattern[str]
    whole: re.Pattern[str]
    taken: re.Pattern[str]


def _rest(name: str, whole: str, taken: str) -> _Rest:
    return _Rest(
        re.compile(rf"(?:{name})(?:总?额|资金|经费|金额|合计|人员|人数|的|了|共|为|计|约)*$"),
        re.compile(whole),
        re.compile(taken),
    )


_RESTS = (
    _rest("净资产", r"(?<!净)资产(?!负债)", r"负债"),
    _rest("节约|节省|节支", r"预算|控制价|限价|概算|估算", r"实际|中标|成交|采购(?!预算)|合同|决算"),
    _rest("欠缴|未缴|尚欠|未征缴|未到账", r"应缴|应征|应收", r"实缴|已缴|实收|征缴|到账"),
    _rest("未到位|尚未到位", r"应|下达|安排|计划", r"(?<!未)到位"),
    _rest("未办结|在办|正在办理", r"受理|收到|接收|交办", r"(?<!未)办结"),
    _rest("未拨付|未支付|待拨付|待支付|尚未支付", r"应拨|应付|应支付|下达", r"(?:已|实际)(?:拨付|支付)"),
    _rest("空编|缺编|空缺编制", r"编制(?!内)", r"实有|在编|在职|在岗"),
)


def run(reading: Reading) -> Iterator[Check]:
    for sentences in reading.paragraphs():
        for sentence in sentences:
            for m in sentence.mentions:
                if m.dimension not in ("ratio", "", "score", "months", "days"):
                    yield from _stock(m, sentence)
                    yield from _named_rest(m, sentence)
                    yield from _net_change(m, sentence)


def _stock(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """ "上年末 50.25 万人，本年新增 0.90 万人，减少 3.00 万人，年末 48.15 万人": the opening, flows alone, the closing."""
    if m.change or m.previous or not _CLOSING.search(m.clause):
        return
    after = sentence.mentions[m.index + 1 : m.index + 2]
    if any(x.dimension == m.dimension and (_IN.search(x.clause) or _OUT.search(x.clause)) for x in after):
        return
    flows: list[Mention] = []
    for x in reversed(sentence.mentions[: m.index]):
        if x.dimension != m.dimension or len(flows) > _MAX_FLOWS:
            return
        if _OPENING.search(x.clause) and not x.change and not _LIMIT.search(x.clause):
            yield from _stock_check(m, x, flows[::-1])
            return
        if "其中" in x.lead or not (_IN.search(x.clause) or _OUT.search(x.clause)):
            return
        flows.append(x)


def _stock_check(m: Mention, opening: Mention, flows: Sequence[Mention]) -> Iterator[Check]:
    if not flows:
        return
    parts = [opening, *(_signed(x, -1 if _OUT.search(x.clause) else 1) for x in flows)]
    signs = [1, *(-1 if _OUT.search(x.clause) else 1 for x in flows)]
    shown = printed_sum([x.quantity for x in (opening, *flows)], signs)
    yield _told("sum", m, total([x.range for x in parts]), parts, shown)


def _signed(x: Mention, sign: int) -> Mention:
    """The number as the sum counts it."""
    return x if sign > 0 else replace(x, quantity=replace(x.quantity, value=-x.quantity.value))


def _named_rest(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """ "资产总额 1256.30 万元，负债总额 36.50 万元，净资产 1219.80 万元"."""
    after = _BREAK.split(m.tail)[0]  # "尚有 0.17 亿元未到位"
    rest = next((r for r in _RESTS if r.name.search(m.clause) or r.name.fullmatch(after)), None)
    if rest is None or "其中" in m.lead:
        return
    earlier = [
        x for x in sentence.mentions[: m.index] if x.dimension == m.dimension and not x.change and not x.previous
    ]
    taken = [x for x in earlier if rest.taken.search(x.clause)]
    wholes = [x for x in earlier if x not in taken and rest.whole.search(x.clause)]
    if len(wholes) != 1 or len(taken) != 1 or wholes[0].index > taken[0].index:
        return
    a, b = wholes[0], taken[0]
    yield _told("difference", m, a.range - b.range, [a, b], f"{a.quantity.raw}-{b.quantity.raw}")


def _net_change(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """ "较上年减少 2.1 万人，其中退出 3.4 万人，新增 1.3 万人": the change is what came and what went."""
    behind = sentence.mentions[m.index + 1 : m.index + 3]
    if not m.change or not _NET.search(m.clause) or len(behind) != 2 or "其中" not in behind[0].lead:
        return
    coming = [x for x in behind if x.dimension == m.dimension and _IN.search(x.clause)]
    going = [x for x in behind if x.dimension == m.dimension and _OUT.search(x.clause)]
    if len(coming) != 1 or len(going) != 1:
        return
    a, b = (coming[0], going[0]) if m.change > 0 else (going[0], coming[0])
    yield _told("difference", m, a.range - b.range, [a, b], f"{a.quantity.raw}-{b.quantity.raw}")


def _told(kind: str, m: Mention, computed: Range, operands: Sequence[Mention], shown: str) -> Check:
    check = compared(kind, m, computed, operands, shown, name=m.label, summed=True)
    if check.verdict is Verdict.INCONSISTENT and not slip(m.quantity, computed.value):
        return replace(check, verdict=Verdict.SUSPICIOUS)
    return check
