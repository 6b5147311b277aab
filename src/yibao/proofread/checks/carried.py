"""Openings and closings in prose: 年初结转 + 收入 − 支出 = 年末结转, 期初 + 当期结余 = 期末 (kind fund_closing)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yibao.proofread.checks.compare import compared, slip, sum_verdict
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.part_year import part_of_year
from yibao.proofread.prose import Mention, Sentence

_OPENING = re.compile(
    r"[年期]初(?:财政拨款|基金|资金)?(?:累计|滚存)?(?:结[转余存]|余额)|上年(?:度|末)?(?:基金|资金)?(?:累计|滚存)?结[转余存]|上年末"
)
_CLOSING = re.compile(r"(?<!上)年[末终](?:财政拨款|基金|资金)?(?:结[转余存]|余额)|结转(?:到|至)?(?:下年|次年)|期末")
_CUMULATIVE = re.compile(r"累计结[余存]|滚存")
_BALANCE = re.compile(r"(?:当[期年]|本[期年])(?:收支)?结余$")
_PLAIN = re.compile(r"(?:资金|项目|经费)?结[余存](?:资金)?")  #: "结余 4 万元": of the year, or with what was carried
_INCOME = re.compile(r"收入(?:合计)?$")
_RECEIVED = re.compile(r"(?:收入(?:合计)?|拨款|拨入|到位|到位资金|下达资金)$")
_EXPENSE = re.compile(r"支出(?:合计)?$")
#: lines of a balance besides income and expense, after which nothing is proven
_OTHER_LINES = re.compile(r"分配|缴回|上缴|收回|调整|专用|弥补|划转|提取")
Role = re.Pattern[str]


def opens(m: Mention) -> bool:
    """What the year began with."""
    return bool(_OPENING.search(m.clause))


def opened(sentence: Sentence) -> bool:
    """Does a sentence begin a balance with something that is not nothing?"""
    return any(opens(x) and x.quantity.base for x in sentence.mentions)


def closes(m: Mention) -> bool:
    """What the year ends with: without what it began with it proves nothing."""
    return bool(_CLOSING.search(m.clause))


def closing(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """The closing `m` of a piece, a sentence or a paragraph that states one opening, one income and one expense."""
    if m.dimension != "money" or m.change or opens(m):
        return
    named = closes(m) or bool(_CUMULATIVE.search(m.clause))
    if not named and not (_PLAIN.fullmatch(m.label) and opened(sentence)):
        return
    whole = [x for x in sentence.mentions if x.key != m.key]
    piece = sentence.start + max(sentence.text.rfind(mark, 0, m.key[-1] - sentence.start) for mark in "；：")
    for near in ([x for x in whole if piece < x.key[-1] < m.key[-1]], whole):
        if (check := _flow(m, near, sentence, proves=named and not _OTHER_LINES.search(sentence.text))) is not None:
            if named or check.verdict is not Verdict.UNCHECKABLE:
                yield check
            return
    back = [x for s in before[-3:] for x in s.mentions]
    check = _flow(m, [*back, *whole], sentence, proves=False)
    if check is not None and check.verdict is not Verdict.UNCHECKABLE:
        yield check


def _flow(m: Mention, near: Sequence[Mention], sentence: Sentence, *, proves: bool) -> Check | None:
    """The check of a closing; None where what it follows from is not printed, or printed more than once."""
    money = [x for x in near if x.dimension == "money" and not x.change]
    opening = _only([x for x in money if opens(x)])
    if opening is None:
        return None
    months = part_of_year(m, sentence)
    flow = [x for x in money if x is not opening and not x.previous and part_of_year(x, sentence) == months]
    income, expense = _only_named(flow, _INCOME) or _only_named(flow, _RECEIVED), _only_named(flow, _EXPENSE)
    if income is not None and expense is not None:
        proves = proves and _INCOME.search(income.label) is not None
        return _judged(m, [opening, income, expense], proves=proves)
    balance = _only_named(flow, _BALANCE)
    return _judged(m, [opening, balance], proves=proves) if balance is not None else None


def _only(found: Sequence[Mention]) -> Mention | None:
    return found[0] if len(found) == 1 else None


def _only_named(money: Sequence[Mention], role: Role) -> Mention | None:
    return _only([x for x in money if role.search(x.label)])


def _judged(m: Mention, terms: Sequence[Mention], *, proves: bool) -> Check:
    """opening + income − expense, or opening + balance. Other lines may stand between, so a slip alone is an error."""
    computed = terms[0].range + terms[1].range
    formula = f"{terms[0].quantity.raw}+{terms[1].quantity.raw}"
    for out in terms[2:]:
        computed, formula = computed - out.range, f"{formula}-{out.quantity.raw}"
    verdict = sum_verdict(m.quantity, computed, [x.quantity for x in terms])
    if verdict is Verdict.INCONSISTENT and not slip(m.quantity, computed.value):
        verdict = Verdict.SUSPICIOUS
    if verdict in (Verdict.INCONSISTENT, Verdict.SUSPICIOUS) and not proves:
        verdict = Verdict.UNCHECKABLE
    return compared("fund_closing", m, computed, terms, formula, name=m.label, verdict=verdict)
