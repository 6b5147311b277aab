"""The same digits in two units: 1548.13万元 in a sentence and 1548.13 in a table headed 亿元 (kind unit).

Five equal digits are no coincidence. One of the two units is wrong, and most often it is the one that a whole table
declares, so all its numbers are one finding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yibao.proofread.document import Table
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.forms.grid import declared_unit
from yibao.proofread.reading import Reading
from yibao.vocabulary.units import UNITS

TELLING = 5  #: significant digits from which on two equal numbers are one number
TELLING_OF_ONE = 4  #: the same, where both are called by one name
APART = (Decimal(10) ** 4, Decimal(10) ** 8)  #: 元, 万元, 亿元: what a wrong unit makes of an amount
Spot = tuple[str, int]  #: a table, or a paragraph: file and block


@dataclass(frozen=True, slots=True)
class _Amount:
    """One printed amount of money."""

    value: Decimal
    symbol: str
    factor: Decimal
    figure: str  #: id of the register, or what it is called
    name: str
    evidence: Evidence
    spot: Spot
    tabled: bool

    @property
    def digits(self) -> int:
        return len(self.value.normalize().as_tuple().digits)


def run(reading: Reading) -> Iterator[Check]:
    alike: dict[Decimal, list[_Amount]] = defaultdict(list)
    amounts = list(_amounts(reading))
    for amount in amounts:
        if amount.digits >= TELLING_OF_ONE:
            alike[amount.value].append(amount)
    usual = Counter(symbol for symbol, _ in {(a.symbol, a.spot) for a in amounts})
    told: dict[Spot, list[tuple[_Amount, _Amount]]] = defaultdict(list)
    for group in alike.values():
        for odd, other in _odd_ones(group, usual):
            told[odd.spot].append((odd, other))
    for pairs in told.values():
        yield _check(pairs)


def _amounts(reading: Reading) -> Iterator[_Amount]:
    named = {f.key: f.figure for f in reading.facts if f.source == "text"}
    for sentence in reading.sentences:
        for m in sentence.mentions:
            q = m.quantity
            if m.dimension == "money" and q.unit and not q.approx and sentence.place.table is None:
                spot = (sentence.place.file, sentence.block)
                figure = named.get(m.key, m.label)
                yield _Amount(q.value, q.unit.symbol, q.factor, figure, m.label, m.evidence, spot, False)
    declared = _declared(reading)
    for fact in reading.facts:
        if fact.source == "table" and fact.quantity.dimension == "money" and fact.key[0] in declared:
            yield _of_cell(fact)


def _of_cell(fact: Fact) -> _Amount:
    q, place = fact.quantity, fact.evidence.place
    symbol = q.unit.symbol if q.unit else ""
    return _Amount(q.value, symbol, q.factor, fact.figure, fact.name, fact.evidence, (place.file, fact.key[0]), True)


def _declared(reading: Reading) -> set[int]:
    """The tables that say what unit they are in; of the others it is only assumed."""
    return {
        file.offset + i
        for file in reading.files
        for i, block in enumerate(file.source.blocks)
        if isinstance(block, Table)
        and (block.unit in UNITS or any(declared_unit(text) for text in (*block.notes, block.caption)))
    }


def _odd_ones(group: Sequence[_Amount], usual: Counter[str]) -> Iterator[tuple[_Amount, _Amount]]:
    """Each amount whose unit most of its equals do not have, with one of them.

    On a tie the unit that fewer places of the document print is odd, and a table's, which is one slip for many amounts.
    """
    by_unit: dict[Decimal, list[_Amount]] = defaultdict(list)
    for amount in group:
        by_unit[amount.factor].append(amount)
    if len(by_unit) != 2:
        return
    odd, right = sorted(
        by_unit.values(),
        key=lambda found: (len({a.spot for a in found}), usual[found[0].symbol], not found[0].tabled),
    )
    if max(a.factor for a in group) / min(a.factor for a in group) not in APART:
        return
    for amount in odd:
        other = next((a for a in right if a.figure == amount.figure), right[0])
        if amount.digits >= TELLING or amount.figure == other.figure:
            yield amount, other


def _check(pairs: Sequence[tuple[_Amount, _Amount]]) -> Check:
    odd, other = pairs[0]
    again = f"（同表另有{len(pairs) - 1}个数也是这样）" if len(pairs) > 1 and odd.tabled else ""
    message = f"{odd.name}{odd.value}{odd.symbol}与{other.name}{other.value}{other.symbol}数字相同、单位不同{again}"
    cause = f"疑{'表头' if odd.tabled else ''}单位（{odd.symbol}/{other.symbol}）写错"
    related = tuple(right.evidence for _, right in pairs)[:4]
    stated, expected = f"{odd.value}{odd.symbol}", f"{odd.value}{other.symbol}"
    return Check("unit", Verdict.SUSPICIOUS, odd.evidence, stated, expected, message, cause, related, Severity.WARNING)
