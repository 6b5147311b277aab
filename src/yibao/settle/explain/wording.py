"""Amounts, rates and clauses as a citizen reads them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from yibao.money import Fen, in_unit
from yibao.region.benefits.plan import RATE_BASE, Plan
from yibao.region.rules import Value

ROUNDED = ("四舍五入", "四舍六入五成双", "舍去尾数")  #: plan.Rounding, as a sentence says it
NUMERALS = (
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
    "十六",
    "十七",
    "十八",
)


def yuan(fen: int) -> str:
    """An amount in yuan.

    >>> yuan(703000), yuan(-5)
    ('7,030.00', '-0.05')
    """
    return f"{in_unit(Fen(fen)):,.2f}"


def exact_yuan(millionths: int) -> str:
    """Millionths of a fen in yuan, with as many digits as they need.

    >>> exact_yuan(703000_000000), exact_yuan(172116_540000)
    ('7,030.00', '1,721.1654')
    """
    amount = (Decimal(millionths) / RATE_BASE / 100).normalize()
    return f"{amount:,.{max(2, -int(amount.as_tuple().exponent))}f}"


def percent(rate: int) -> str:
    """Millionths as a percentage.

    >>> percent(740000), percent(962500), percent(1000000)
    ('74%', '96.25%', '100%')
    """
    return f"{(Decimal(rate) / 10_000).normalize():f}%"


def product(start: int, end: int, rate: int, exact: int) -> str:
    """The arithmetic of one band.

    >>> product(0, 1000000, 740000, 740000_000000)
    '10,000.00 × 74% = 7,400.00'
    """
    taken = f"({yuan(end)} − {yuan(start)})" if start else yuan(end)
    return f"{taken} × {percent(rate)} = {exact_yuan(exact)}"


def basis(plan: Plan, part: str, *knobs: str) -> str:
    """The documents and clauses behind some knobs of a part, each document once; what says nothing (an empty list) is left out."""
    names = (".".join(filter(None, (plan.scheme, part, knob))) for knob in knobs)
    clauses: dict[str, dict[str, None]] = {}
    for name in names:
        if name in plan.sources and plan.sources[name].value != []:
            clauses.setdefault(plan.sources[name].source, {})[plan.sources[name].clause] = None
    return "；".join(source + "、".join(filter(None, found)) for source, found in clauses.items())


def grades(values: Iterable[Value]) -> list[str]:
    """What a reader must know of the rules behind a printout: examples, and what nobody compared with the document."""
    found = list(values)
    said = []
    if any(value.status == "example" for value in found):
        said.append("引用的规定中有示例参数（虚构地区），不能作为支付依据。")
    if any(value.status == "inferred" for value in found):
        said.append("引用的规定中有推断得出、未与文件核对的参数，只能用于核对。")
    if any(value.status == "verified" and value.grade in ("secondary", "unverified") for value in found):
        said.append("引用的规定中有转载或未核实的内容。")
    return said
