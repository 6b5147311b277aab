"""Named rates in their versions: one name, different arithmetic in different places and years.

预算控制率 is 追加 ÷ 年初 in one province's table and 全年 ÷ 年初 in many a report, exactly 100 points apart. So
formulas are data of a pack; the proofreader tries all versions of a name and says which one a document used.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from yibao.periods import year_end
from yibao.region.packs import Pack
from yibao.region.rules import Grade, Rule, Status
from yibao.vocabulary.labels import normal

LONGEST_EXPRESSION = 200


class Arithmetic(Protocol):
    """What an operand of a formula can do: a Decimal, or an interval of a printed number."""

    def __add__(self, other: Any, /) -> Any: ...
    def __sub__(self, other: Any, /) -> Any: ...
    def __mul__(self, other: Any, /) -> Any: ...
    def __truediv__(self, other: Any, /) -> Any: ...


T = TypeVar("T", bound=Arithmetic)

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@lru_cache(maxsize=256)
def parsed(expression: str) -> ast.expr:
    """The tree of an expression of names, whole numbers, + − * / and brackets; ValueError for anything else."""
    if len(expression) > LONGEST_EXPRESSION:
        raise ValueError("算式太长")
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError:
        raise ValueError(f"“{expression}”不是算式") from None
    for node in ast.walk(tree):
        allowed = isinstance(node, ast.BinOp | ast.Name | ast.Load | ast.operator) or (
            isinstance(node, ast.Constant) and type(node.value) is int
        )
        if not allowed or (isinstance(node, ast.operator) and type(node) not in _OPERATORS):
            raise ValueError(f"“{expression}”里只能有名称、整数、+ - * / 和括号")
    return tree


def evaluate(expression: str, terms: Mapping[str, T], number: Callable[[int], T]) -> T | None:
    """The value of an expression; None where a term is missing or a divisor is zero.

    `number` makes an operand of a whole number in the expression (for Decimal: Decimal itself).

    >>> evaluate("added / initial", {"added": Decimal("954.5"), "initial": Decimal("1000")}, Decimal)
    Decimal('0.9545')
    """

    def value(node: ast.expr) -> Any:
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        return terms[node.id] if isinstance(node, ast.Name) else number(_integer(node))

    try:
        result: T = value(parsed(expression))
    except (KeyError, ZeroDivisionError, InvalidOperation):  # 0 ÷ 0 is an InvalidOperation
        return None
    return result


def _integer(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    raise ValueError("not a number")  # `parsed` lets nothing else through


class Steps(BaseModel):
    """Full points up to a value (or down to it, for a shortfall), then a deduction for each step or part of one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    full: Decimal
    each: Decimal
    deduct: Decimal

    def points(self, distance: Decimal, weight: Decimal) -> Decimal:
        if distance <= 0:
            return weight
        started = (distance / self.each).to_integral_value(ROUND_CEILING)
        return max(Decimal(0), weight - started * self.deduct)


class _Body(BaseModel):
    """The content of a rule of kind `formulas`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    names: tuple[str, ...]
    expr: str
    unit: Literal["percent", "months", "yuan"]
    standard: bool = False
    weight: Decimal | None = None
    bands: tuple[tuple[Decimal | None, Decimal], ...] = ()
    lower_bound: bool = False
    steps: Steps | None = None
    shortfall: Steps | None = None


@dataclass(frozen=True, slots=True)
class FormulaVersion:
    """One version of a named rate. `valid`: the one that the rules of the region and day mean."""

    id: str
    name: str
    expr: str
    unit: str
    valid: bool
    source: str
    grade: Grade
    status: Status
    body: _Body

    @property
    def terms(self) -> frozenset[str]:
        """The names that the expression needs."""
        return frozenset(node.id for node in ast.walk(parsed(self.expr)) if isinstance(node, ast.Name))

    def evaluate(self, terms: Mapping[str, Decimal]) -> Decimal | None:
        """The rate as a fraction (months and yuan as such); None where a term is missing or a divisor is zero."""
        return evaluate(self.expr, terms, Decimal)

    def points(self, percent: Decimal, weight: Decimal | None = None) -> Decimal | None:
        """The points that the rate earns, from the version's bands or deductions; None where it declares none.

        `weight` is the indicator's weight in the form (分值); a rule with a weight of its own has the last word.
        """
        body, full = self.body, self.body.weight or weight
        for limit, points in body.bands:
            if limit is None or percent < limit or (percent == limit and not body.lower_bound):
                return points
        if full is not None and body.steps is not None:
            return body.steps.points(percent - body.steps.full, full)
        if full is not None and body.shortfall is not None:
            return body.shortfall.points(body.shortfall.full - percent, full)
        return None


def variants(name: str, on: date | int, region: Pack) -> tuple[FormulaVersion, ...]:
    """All known versions of a named rate on a day (or at the end of a year): those valid in the region first.

    >>> from yibao.region.packs import region
    >>> [(v.expr, v.valid) for v in variants("预算控制率", 2025, region("cn-4309"))][:2]
    [('added / initial', True), ('adjusted / initial', False)]
    """
    day = year_end(on) if isinstance(on, int) else on
    wanted = normal(name)
    rules = [(rule, body) for rule, body in _formulas(region, day) if wanted in map(normal, body.names)]
    home = next((rule.pack for rule, body in rules if body.standard), None)
    versions = [_version(rule, body, name, body.standard and rule.pack == home) for rule, body in rules]
    found: dict[str, FormulaVersion] = {}
    for version in sorted(versions, key=lambda v: not v.valid):
        found.setdefault("".join(version.expr.split()), version)
    return tuple(found.values())


def _version(rule: Rule, body: _Body, name: str, valid: bool) -> FormulaVersion:
    return FormulaVersion(rule.id, name, body.expr, body.unit, valid, rule.cited, rule.grade, rule.status, body)


def _formulas(region: Pack, day: date) -> Iterator[tuple[Rule, _Body]]:
    for rule in region.rules("formulas", on=day):
        yield rule, _body(rule)


def _body(rule: Rule) -> _Body:
    try:
        body = _Body.model_validate(rule.body)
        parsed(body.expr)
    except ValidationError as error:
        first = error.errors()[0]
        raise rule.error(f"“{'.'.join(map(str, first['loc']))}”{first['msg']}") from error
    except ValueError as error:
        raise rule.error(str(error)) from error
    return body
