"""From checks that failed to root causes (guide §7.7).

One wrong number can break a sum, a share and a comparison at once. For every number that takes part in several failed
checks we try the value that one of them implies: if it makes the others true and breaks nothing that held, that number is
the root and the checks are one finding, told at its place, with the value proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.findings import Check, Evidence, Finding, Operand, Severity, Verdict
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import quantities

Key = tuple[int, ...]
_ORDER = list(Severity)
_SUMS = frozenset(
    (
        "sum",
        "table_sum",
        "row_sum",
        "score_sum",
        "weight_sum",
        "fund_income_sum",
        "fund_expense_sum",
        "fund_total=subtotal",
        "fund_closing",
    )
)
_DIFFERENCES = frozenset(("difference", "fund_balance"))
_RATIOS = frozenset(("percent_of", "execution_rate", "completion_rate", "control_rate"))
_EQUALS = frozenset(
    (
        "text_vs_text",
        "text_vs_table",
        "table_vs_text",
        "table_vs_table",
        "cross",
        "cross_table",
        "carry_forward",
        "table_internal",
        "table_balance",
        "weight_text_vs_table",
    )
)
CAUSE = 10  #: characters; shorter causes ("疑一位数字录入错误") are said of many places
MAX_FAILED = 400  #: beyond this a document is not worth explaining number by number
CAPTION_FACTORS = frozenset(map(Decimal, (1_000, 10_000, 1_000_000, 100_000_000)))  #: 千元, 万元, 百万元, 亿元
MAX_SOURCES = 12  #: failed checks of one number that may propose its replacement


def merge(checks: Sequence[Check]) -> list[Finding]:
    """The findings of one document, in reading order within each severity."""
    failed = [c for c in checks if c.weight is not None]
    groups: list[list[Check]] = []
    left = failed
    for gather in (_row_shifts, _same_cause, _single_numbers, _declared_groups, _same_row, _same_target, _same_words):
        found, left = gather(left, checks)
        groups.extend(found)
    groups.extend([c] for c in left)
    return in_order([_finding(group) for group in _united(groups)])


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """In reading order within each severity."""

    def order(f: Finding) -> tuple[int, str, int, int, int]:
        place = f.evidence.place
        return _ORDER.index(f.severity), place.file, place.block, place.row or 0, place.start or 0

    return sorted(findings, key=order)


Gathered = tuple[list[list[Check]], list[Check]]


def _row_shifts(failed: list[Check], checks: Sequence[Check]) -> Gathered:
    """A shifted table explains every failed check that touches one of its cells."""
    shifts = [c for c in failed if c.kind == "row_shift"]
    groups: list[list[Check]] = []
    left = [c for c in failed if c.kind != "row_shift"]
    for shift in shifts:
        cells = {o.key for o in shift.operands}
        caught = [c for c in left if c.kind != "row_shift" and cells & set(_keys(c))]
        left = [c for c in left if c not in caught]
        groups.append([shift, *caught])
    return groups, left


def _single_numbers(failed: list[Check], checks: Sequence[Check]) -> Gathered:
    """Numbers whose replacement makes two or more failed checks true."""
    if len(failed) > MAX_FAILED:
        return [], failed
    groups: list[list[Check]] = []
    left = list(failed)
    held = defaultdict(list)
    for c in checks:
        if c.verdict is Verdict.CONSISTENT and _holds(c, {}) is True:
            for key in _keys(c):
                held[key].append(c)
    while True:
        best = _best_replacement(left, held)
        if best is None:
            return groups, left
        operand, value, explained = best
        left = [c for c in left if c not in explained]
        groups.append([_rooted(operand, value, explained), *explained])


def _best_replacement(left: list[Check], held: dict[Key, list[Check]]) -> tuple[Operand, Decimal, list[Check]] | None:
    by_key: dict[Key, list[Check]] = defaultdict(list)
    for c in left:
        if c.verdict in (Verdict.INCONSISTENT, Verdict.SUSPICIOUS) and _holds(c, {}) is False:
            for key in set(_keys(c)):
                by_key[key].append(c)
    best: tuple[tuple[int, int, int], Operand, Decimal, list[Check]] | None = None
    for key, touching in by_key.items():
        if len(touching) < 2:
            continue
        for source in touching[:MAX_SOURCES]:
            for operand, value in _solutions(source, key):
                explained = [c for c in touching if _holds(c, {key: value})]
                broken = sum(1 for c in held[key] if _holds(c, {key: value}) is False)
                kept = sum(1 for c in held[key] if _holds(c, {key: value}) is True)
                score = (len(explained) - broken, kept, -_distance(operand, source))
                if len(explained) >= 2 and broken == 0 and (best is None or score > best[0]):
                    best = (score, operand, value, explained)
    return None if best is None else best[1:]


def _distance(operand: Operand, check: Check) -> int:
    return 0 if check.target is not None and operand.key == check.target.key else 1


def _solutions(check: Check, key: Key) -> Iterator[tuple[Operand, Decimal]]:
    """The values of the number `key` that would make the check true."""
    target, operands = check.target, check.operands
    if target is None:
        return
    if target.key == key:
        value = _compute(check, {})
        if value is not None:
            yield target, value
        return
    mine = next((o for o in operands if o.key == key), None)
    if mine is None:
        return
    if check.kind in _SUMS or (check.kind in _EQUALS):
        signs = _signs(check)
        rest = sum((sign * o.value for sign, o in zip(signs, operands, strict=True) if o.key != key), Decimal(0))
        yield mine, (target.value - rest) * signs[operands.index(mine)]
    elif check.kind in _DIFFERENCES and len(operands) == 2:
        a, b = operands
        yield mine, (target.value + b.value if key == a.key else a.value - target.value)
    elif check.kind in _RATIOS and len(operands) == 2 and target.value:
        a, b = operands
        yield mine, (target.value * b.value if key == a.key else a.value / target.value)


def _signs(check: Check) -> list[int]:
    """How the operands of a sum count: a closing of three is opening + income − expense."""
    out = check.kind == "fund_closing" and len(check.operands) == 3
    return [1, 1, -1] if out else [1] * len(check.operands)


def _compute(check: Check, changed: dict[Key, Decimal]) -> Decimal | None:
    values = [changed.get(o.key, o.value) for o in check.operands]
    if check.kind in _SUMS or (check.kind in _EQUALS and values):
        return sum((sign * value for sign, value in zip(_signs(check), values, strict=True)), Decimal(0))
    if check.kind in _DIFFERENCES and len(values) == 2:
        return values[0] - values[1]
    if check.kind in _RATIOS and len(values) == 2 and values[1]:
        return values[0] / values[1]
    return None


def _holds(check: Check, changed: dict[Key, Decimal]) -> bool | None:
    """Whether the check would hold with some numbers changed; None where its arithmetic is not known here."""
    if check.target is None:
        return None
    computed = _compute(check, changed)
    if computed is None:
        return None
    stated = changed.get(check.target.key, check.target.value)
    if check.kind in _RATIOS:
        a, b = (changed.get(o.key, o.value) for o in check.operands)
        slack = abs(computed) * sum(
            (o.half / abs(v) for o, v in zip(check.operands, (a, b), strict=True) if v), Decimal(0)
        )
    else:
        slack = min(sum((o.half for o in check.operands), Decimal(0)), check.target.half * 4)
    return abs(stated - computed) <= check.target.half + slack


def _keys(check: Check) -> list[Key]:
    return [o.key for o in ((check.target,) if check.target else ()) + check.operands]


def _rooted(operand: Operand, value: Decimal, explained: Sequence[Check]) -> Check:
    """The check that speaks for a root: told at the place of the wrong number."""
    main = next((c for c in explained if c.target is not None and c.target.key == operand.key), None)
    strongest = min(explained, key=lambda c: _ORDER.index(c.weight or Severity.INFO))
    if main is not None:
        return (
            main
            if _ORDER.index(main.weight or Severity.INFO) <= _ORDER.index(strongest.weight or Severity.INFO)
            else _louder(main, strongest)
        )

    related = tuple(e for e in (strongest.evidence, *strongest.related) if e != operand.evidence)
    stated, expected = _as_printed(operand, value)
    return replace(
        strongest,
        evidence=operand.evidence,
        stated=stated,
        expected=expected,
        related=related,
        cause=strongest.cause or "此数同时使多项关系不成立",
    )


def _as_printed(operand: Operand, value: Decimal) -> tuple[str, str | None]:
    """The operand as its own quote prints it, and `value` in the same unit and precision; its unit may stand in a caption."""
    for q in quantities(normalise(operand.evidence.quote).text):
        factor = operand.value / q.base if q.base else Decimal(0)
        if factor == 1 or (q.unit is None and factor in CAPTION_FACTORS):
            return q.raw, q.printed(value / factor)
    return "", None


def _louder(check: Check, strongest: Check) -> Check:
    return replace(check, severity=strongest.weight)


def _declared_groups(failed: list[Check], checks: Sequence[Check]) -> Gathered:
    return _gather(failed, lambda c: c.group or None, minimum=2)


def _united(groups: list[list[Check]]) -> list[list[Check]]:
    """Groups that speak for one declared group are one: a heading's weight and its score were wrong together."""
    home: dict[str, list[Check]] = {}
    out: list[list[Check]] = []
    for group in groups:
        name = group[0].group
        if name and name in home:
            home[name].extend(group)
            continue
        out.append(group)
        if name:
            home[name] = group
    return out


def _same_cause(failed: list[Check], checks: Sequence[Check]) -> Gathered:
    """Checks of one table that name the same cause: "下疑缺一行指标" breaks the heading, the total and the score."""

    def cause(c: Check) -> str | None:
        told = len(c.cause) >= CAUSE and c.evidence.place.table is not None
        return f"{c.evidence.place.file}|{c.evidence.place.block}|{c.cause}" if told else None

    return _gather(failed, cause, minimum=2)


def _same_row(failed: list[Check], checks: Sequence[Check]) -> Gathered:
    """A row that is wrong in several columns is one mistake."""

    def row(c: Check) -> str | None:
        place = c.evidence.place
        if place.row is None or c.target is None or len(c.target.key) < 3 or c.weight is Severity.INFO:
            return None
        return f"{c.kind}|{place.file}|{place.block}|{place.row}"

    return _gather(failed, row, minimum=2)


def _same_target(failed: list[Check], checks: Sequence[Check]) -> Gathered:
    return _gather(failed, lambda c: str(c.target.key) if c.target else None, minimum=2)


def _same_words(failed: list[Check], checks: Sequence[Check]) -> Gathered:
    """One slip copied into several places: the same words, the same kind."""
    return _gather(failed, lambda c: f"{c.kind}|{normalise(c.evidence.quote).text}|{c.stated}|{c.expected}", minimum=2)


def _gather(failed: list[Check], name: Callable[[Check], str | None], minimum: int) -> Gathered:
    named: dict[str, list[Check]] = defaultdict(list)
    left: list[Check] = []
    for c in failed:
        key = name(c)
        if key is None:
            left.append(c)
        else:
            named[key].append(c)
    groups = [g for g in named.values() if len(g) >= minimum]
    left.extend(c for g in named.values() if len(g) < minimum for c in g)
    order = {id(c): i for i, c in enumerate(failed)}
    left.sort(key=lambda c: order[id(c)])
    return groups, left


def _finding(group: Sequence[Check]) -> Finding:
    """One finding from the checks of one root: the first or loudest speaks, the others are related."""
    head = (
        min(group, key=lambda c: _ORDER.index(c.weight or Severity.INFO))
        if group[0].weight is not _loudest(group)
        else group[0]
    )
    related: dict[tuple[str, object], Evidence] = {}
    for evidence in (*head.related, *(e for c in group for e in (c.evidence, *c.related))):
        if evidence != head.evidence:
            related.setdefault((evidence.quote, evidence.place), evidence)
    others = {c.message for c in group if c is not head and c.message and c.message != head.message}
    message = head.message + (f"（同一原因另涉及{len(others)}项）" if others else "")
    return Finding(
        head.kind, head.weight or Severity.INFO, head.verdict, head.evidence, head.stated, head.expected,
        message, head.cause, tuple(related.values())[:40],
    )  # fmt: skip


def _loudest(group: Sequence[Check]) -> Severity:
    return min((c.weight or Severity.INFO for c in group), key=_ORDER.index)
