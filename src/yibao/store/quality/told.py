"""Outcomes as a table for a terminal: what was found of how many, how bad, what it blocks, how to see the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from rich.cells import cell_len

from yibao.store.quality.rules import Rules
from yibao.store.quality.run import Outcome
from yibao.vocabulary.tables import Vocabulary

HEADINGS = ("规则", "不符", "共", "占比", "程度", "影响")
SEVERITIES = {"red": "红", "yellow": "黄"}


def lines(outcomes: Sequence[Outcome], rules: Rules, vocabulary: Vocabulary) -> Iterator[str]:
    """Red findings first, then yellow ones, then what is clean, then what could not run."""
    ordered = sorted(
        (o for o in outcomes if o.state != "not_run"), key=lambda o: (o.state != "found", o.rule.severity != "red")
    )
    rows = [HEADINGS, *(_row(outcome, rules) for outcome in ordered)]
    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    for row in rows:
        cells = [
            _pad(said, width, right=i in (1, 2, 3)) for i, (said, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
    if found := [o for o in ordered if o.state == "found"]:
        yield ""
        yield from (f"{o.rule.label}：{o.rule.message}看这些行：yibao quality --rows {o.rule.id}" for o in found)
    if waiting := [o for o in outcomes if o.state == "not_run"]:
        yield ""
        yield f"没有运行的规则 {len(waiting)} 条（没有数据，不等于通过）："
        yield from (f"  {o.rule.label}：{_missing(o, vocabulary)}还没有数据" for o in waiting)
    yield ""
    yield summary(outcomes, rules)


def summary(outcomes: Sequence[Outcome], rules: Rules) -> str:
    red, yellow = (sum(o.state == "found" and o.rule.severity == s for o in outcomes) for s in ("red", "yellow"))
    blocked = list(dict.fromkeys(rules.outputs[name] for o in outcomes for name in o.blocks))
    clean, waiting = (sum(o.state == state for o in outcomes) for state in ("clean", "not_run"))
    said = f"红色 {red} 条，黄色 {yellow} 条，没有问题 {clean} 条，没有运行 {waiting} 条。"
    return said + (f"暂停：{'、'.join(blocked)}。" if blocked else "")


def _row(outcome: Outcome, rules: Rules) -> tuple[str, ...]:
    rule = outcome.rule
    names = "、".join(rules.outputs[name] for name in rule.protects)
    effect = {"red": f"暂停{names}", "yellow": f"留意{names}"}[rule.severity] if outcome.found else ""
    severity = SEVERITIES[rule.severity] if outcome.found else "—"
    return rule.label, f"{outcome.found:,}", f"{outcome.of:,}", share(outcome.found, outcome.of), severity, effect


def share(part: int, whole: int) -> str:
    """
    >>> share(1, 3), share(1, 1_000_000), share(0, 5), share(1, 0)
    ('33.33%', '<0.01%', '0', '—')
    """
    if not whole:
        return "—"
    percent = (Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return "0" if not part else f"{percent}%" if percent else "<0.01%"


def _missing(outcome: Outcome, vocabulary: Vocabulary) -> str:
    return "、".join(vocabulary.tables[name].label for name in outcome.missing) or "工作区"


def _pad(said: str, width: int, *, right: bool) -> str:
    blank = " " * (width - cell_len(said))
    return blank + said if right else said + blank
