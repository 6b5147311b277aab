"""A rate of growth from the change and the present value: "支出 601.75 万元，增加 41.65 万元，增长 7.44%" (kind growth)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yibao.proofread.checks.compare import compared
from yibao.proofread.checks.ratio import likeness, names_whole, only_value, unbound, zero_base
from yibao.proofread.checks.stated_changes import starts_from
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, judge

_VERB = re.compile(r"(?:各|均|共)?(?:增加|减少|增长|下降|上升|提高|降低)(?:了|额)*$")
_NAME = 4  #: characters from which on a subject names one figure
NEAR = 6  #: how many numbers back the present value is looked for


def growth_from_change(
    m: Mention, delta: Mention, sign: int, sentence: Sentence, before: Sequence[Sentence]
) -> Iterator[Check]:
    own = [x for x in reversed(sentence.mentions[: delta.index]) if _is_level(x, delta)]
    piece = sentence.start + sentence.text.rfind("；", 0, delta.key[-1] - sentence.start)
    own = [x for x in own if x.key[-1] > piece] or own
    back = [x for s in reversed(before[-2:]) for x in reversed(s.mentions) if _is_level(x, delta)]
    own, back = _spoken_of(delta, own, back)
    candidates = (own + back)[: 3 * NEAR]
    bases = [(x, _base_of(x, delta, own, sentence)) for x in candidates]
    for now, base in bases:
        if base is not None and judge(m.quantity, _signed(delta, base, m, sign)) in (
            Verdict.CONSISTENT,
            Verdict.ROUNDING,
        ):
            yield _growth_check(m, now, delta, base, sign)
            return
    if (
        own
        and own[0].quantity.base == delta.quantity.base
        and delta.change > 0
        and m.quantity.value == 100
        and _no_named_base(delta)
    ):
        yield zero_base(m, own[0], "全部现值都是增加额，上年为零")
        return
    levels = own or back
    first = only_value(levels[:4]) or (own[0] if own else None)
    if first is None:
        yield unbound("growth", m, "未找到本年数")
        return
    base = _base_of(first, delta, own, sentence)
    if base is None and own and first.quantity.base < delta.quantity.base and delta.change > 0:
        yield _more_than_all(m, first, delta)
        return
    if base is None:
        yield unbound("growth", m, "基数为零或未找到")
        return
    proven = len({x.quantity.base for x in levels[:4]}) == 1 or not _no_named_base(delta) or starts_from(first, delta)
    yield _growth_check(m, first, delta, base, sign, Verdict.INCONSISTENT if proven else Verdict.SUSPICIOUS)


def _spoken_of(delta: Mention, own: list[Mention], back: list[Mention]) -> tuple[list[Mention], list[Mention]]:
    """ "支出合计减少 3 万元": the numbers of that name, where there are any."""
    subject = _VERB.sub("", delta.clause)
    if len(subject) < _NAME or re.search(r"[比较同与]", subject):
        return own, back
    hits = [x for x in (*own, *back) if x.clause.endswith(subject) or likeness(x.label, subject) > 1]
    return ([x for x in own if x in hits], [x for x in back if x in hits]) if hits else (own, back)


def _more_than_all(m: Mention, now: Mention, delta: Mention) -> Check:
    """An increase larger than what there is now."""
    message = f"{now.label}{now.quantity.raw}，增加额却有{delta.quantity.raw}，变动率{m.quantity.raw}无从算起"
    related = (now.evidence, delta.evidence)
    return Check("growth", Verdict.SUSPICIOUS, m.evidence, m.quantity.raw, None, message, "", related)


def _no_named_base(delta: Mention) -> bool:
    return not re.search(r"[比较](?!上年|去年|上一年|同期|20\d\d年)[^，比较]{2,14}?(?:增|减|多|少)", delta.clause)


def _base_of(now: Mention, delta: Mention, own: Sequence[Mention], sentence: Sentence) -> Range | None:
    """What the change starts from: a named base ("比年初预算数减少"), else the present value without the change."""
    named = re.search(
        r"[比较](?!上年|去年|上一年|同期)(?P<base>[^，比较]{2,14}?)(?:相比)?(?:增|减|下降|上升|提高|降低|多|少|节)",
        delta.clause,
    )
    if own and own[0].index == delta.index - 1 and starts_from(own[0], delta):
        return own[0].range
    if named:
        hits = [x for x in own if names_whole(x.label, named["base"]) or named["base"] in x.label]
        if hits:
            return hits[0].range
    base = now.range - delta.range if delta.change > 0 else now.range + delta.range
    return base if base.low > 0 else None


def _is_level(x: Mention, delta: Mention) -> bool:
    return x.dimension == delta.dimension and not x.change and not x.previous and "占" not in x.clause


def _signed(delta: Mention, base: Range, m: Mention, sign: int) -> Range:
    rate = delta.range / base
    return rate if m.quantity.value >= 0 or (sign > 0 and delta.change > 0) else -rate


def _growth_check(
    m: Mention, now: Mention, delta: Mention, base: Range, sign: int, verdict: Verdict | None = None
) -> Check:
    computed = _signed(delta, base, m, sign)
    shown = now.quantity.printed(base, max(now.quantity.decimals, delta.quantity.decimals))
    name = f"{now.label}变动率" if now.label else "变动率"
    if verdict is Verdict.INCONSISTENT and delta.change and m.change and delta.change != m.change:
        return compared(
            "growth",
            m,
            computed,
            [now, delta],
            f"{delta.quantity.raw}/{shown}",
            name=name,
            verdict=verdict,
            cause="增减方向前后不一",
        )
    return compared("growth", m, computed, [now, delta], f"{delta.quantity.raw}/{shown}", name=name, verdict=verdict)
