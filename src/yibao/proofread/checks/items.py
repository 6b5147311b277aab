"""The narrative's list of 项: each item's own numbers, and all of them against the total that opened the list (T5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.proofread.checks.compare import compared, digits, printed_sum, slip, sum_verdict
from yibao.proofread.checks.repeats import agreement
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import total
from yibao.proofread.reading import Reading

_ITEM = re.compile(r"（\d{0,7}项）[\"”]?(?:支出)?(?:预算|决算)?(?:数|为|：)?$")
_OWN = re.compile(r"(?:预算安排|年预算数?|支出决算|决算数?)(?:数|为|：)*$")
_NUMBERED = re.compile(r"(?:\d{1,2}[、.．]|（\d{1,2}）|[①-⑳])")
MAX_ITEMS = 80
BASES = (_ITEM.pattern, r"年初预算", r"支出决算|决算")  #: the amounts of an item: its own, and those of the two columns
SHOWN = 8  #: more parts are not printed one by one
SLIP_DIGITS = 4
MAX_LOOSE = 2  #: paragraphs between two items that belong to the first


def run(reading: Reading) -> Iterator[Check]:
    paragraphs = list(reading.paragraphs())
    for sentences in paragraphs:
        yield from _item_twice(sentences)
    yield from _item_lists(paragraphs)


def _item_twice(sentences: Sequence[Sentence]) -> Iterator[Check]:
    """ "住房公积金（项）208.8 万元。……2026 年预算安排 201.5 万元": one item, one year, two numbers."""
    mentions = [m for s in sentences for m in s.mentions if m.dimension == "money"]
    heads = [m for m in mentions if _ITEM.search(m.lead)]
    if len(heads) != 1 or mentions[0] is not heads[0]:
        return
    own = [m for m in mentions[1:] if _OWN.search(m.clause) and not m.change and "年初" not in m.clause]
    if len(own) != 1:
        return
    head, again = heads[0], own[0]
    verdict = agreement(again.quantity, head.quantity)
    message = (
        f"同一项两处分别为{head.quantity.raw}和{again.quantity.raw}"
        if verdict is not Verdict.CONSISTENT
        else f"同一项两处均为{head.quantity.raw}"
    )
    yield Check(
        "text_vs_text",
        verdict,
        again.evidence,
        again.quantity.raw,
        head.quantity.raw,
        message,
        "",
        (head.evidence,),
        None,
        again.operand,
        (head.operand,),
    )


def _item_lists(paragraphs: Sequence[list[Sentence]]) -> Iterator[Check]:
    """Numbered items of one section whose first amounts add up to a total said before them."""
    i = 0
    while i < len(paragraphs):
        items = _run_of_items(paragraphs, i)
        if len(items) < 3:
            i += 1
            continue
        before = [
            m
            for p in paragraphs[max(0, i - 4) : i]
            for s in p
            for m in s.mentions
            if m.dimension == "money" and not m.change
        ]
        yield from _totals_of(items, before[-12:])
        i += sum(len({(s.block, s.place.file) for s in item}) for item in items)


def _run_of_items(paragraphs: Sequence[list[Sentence]], start: int) -> list[list[Sentence]]:
    """Numbered items one after the other; a paragraph between two of them goes on with the one before."""
    out: list[list[Sentence]] = []
    loose = 0
    for p in paragraphs[start : start + 2 * MAX_ITEMS]:
        first = p[0]
        is_item = bool(_NUMBERED.match(first.text.lstrip("-"))) and "项）" in first.text[:140]
        if (
            first.place.table is not None
            or (not out and not is_item)
            or (out and first.place.file != out[0][0].place.file)
        ):
            break
        if is_item:
            out.append(list(p))
            loose = 0
        else:
            loose += 1
            if loose > MAX_LOOSE:
                break
            out[-1].extend(p)
    return out


def _totals_of(items: Sequence[list[Sentence]], heads: Sequence[Mention]) -> Iterator[Check]:
    """For each kind of amount that every item prints: the total it gives. A list that adds up for one kind is complete."""
    columns = [(basis, parts) for basis in BASES if (parts := _column(items, basis))]
    fitting = {basis: head for basis, parts in columns if (head := _fitting(parts, heads)) is not None}
    for basis, parts in columns:
        whole = total([m.range for m in parts])
        formula = printed_sum([m.quantity for m in parts]) if len(parts) <= SHOWN else f"{len(parts)}项合计"
        if (head := fitting.get(basis)) is not None:
            yield compared("sum", head, whole, parts, formula, name=head.label, summed=True)
            continue
        named = [h for h in heads if re.search(basis, h.clause)] if fitting else []
        slipped = next(
            ((h, c) for h in reversed(heads) if digits(h.quantity) >= SLIP_DIGITS and (c := _explained(h, parts))), None
        )
        head, cause = (named[-1], "") if named else slipped or (None, "")
        if head is not None:
            yield compared(
                "sum", head, whole, parts, formula, name=head.label, verdict=Verdict.INCONSISTENT, cause=cause
            )


def _column(items: Sequence[list[Sentence]], basis: str) -> list[Mention]:
    """One amount of every item, [] where an item has none."""
    parts = [_amount(p, basis) for p in items]
    return [m for m in parts if m is not None] if all(parts) else []


def _fitting(parts: Sequence[Mention], heads: Sequence[Mention]) -> Mention | None:
    whole, printed = total([m.range for m in parts]), [m.quantity for m in parts]
    fits = (h for h in reversed(heads) if sum_verdict(h.quantity, whole, printed) is not Verdict.INCONSISTENT)
    return next(fits, None)


def _amount(paragraph: Sequence[Sentence], basis: str) -> Mention | None:
    money = [m for s in paragraph for m in s.mentions if m.dimension == "money" and not m.change]
    if basis == _ITEM.pattern and money and paragraph[0].text.rstrip('"”').endswith("项）"):
        return money[0]  # the amount stands on the next line
    found = [m for m in money if re.search(basis, m.lead if "项" in basis else m.clause)]
    return found[0] if found else None


def _explained(head: Mention, parts: Sequence[Mention]) -> str:
    """The one item whose slip explains the difference."""
    whole = total([m.range for m in parts]).value
    for m in parts:
        required = head.quantity.base - (whole - m.quantity.base)
        if required <= 0 or digits(m.quantity) < 4:
            continue
        if found := slip(m.quantity, required):
            return f"{m.quantity.raw}{found}（应为{m.quantity.printed(required)}）"
        if (shorter := _one_digit_less(m, required, len(parts))) is not None:
            return f"{m.quantity.raw}疑多输一位数字（应为{shorter}）"
    return ""


def _one_digit_less(m: Mention, required: Decimal, n: int) -> str | None:
    """The number without one of its digits, if that is the required value within the rounding of `n` parts."""
    text = str(m.quantity.value)
    slack = m.quantity.step * n / 2
    for i, char in enumerate(text):
        shorter = text[:i] + text[i + 1 :]
        if char.isdigit() and shorter and abs(Decimal(shorter) * m.quantity.factor - required) <= slack:
            return shorter
    return None
