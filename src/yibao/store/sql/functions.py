"""Our own portable functions and the guarded division, as each engine writes them.

| written | gives | meaning |
|---|---|---|
| `DAYS_BETWEEN(a, b)` | whole number | days from date a to date b; negative where b is earlier |
| `DAY_PLUS(d, n)` | date | n days after d; n may be negative |
| `SECONDS_BETWEEN(a, b)` | whole number | whole seconds from time a to time b, cut towards zero |
| `a // b`, `a % b` | whole number | an error where a < 0 or b <= 0: engines, Python and kernels disagree there |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

Kind = Literal["number", "text", "flag", "date", "time"]
Dialect = Literal["duckdb", "spark"]

GUARD = "YIBAO-DIVISION"  #: the message of an engine that a guard stopped
DIVISION_SAID = "整除 // 和取余 % 的被除数不能小于零，除数要大于零；退费请先取绝对值，算完再加正负号"
SQL_TYPES: Mapping[Kind, str] = {
    "number": "BIGINT",
    "text": "VARCHAR",
    "flag": "BOOLEAN",
    "date": "DATE",
    "time": "TIMESTAMP",
}
_RAISE: Mapping[Dialect, str] = {"duckdb": "ERROR", "spark": "RAISE_ERROR"}


@dataclass(frozen=True, slots=True)
class Own:
    """A function of ours: the kinds that it takes and gives, and how each engine writes it."""

    takes: tuple[Kind, Kind]
    gives: Kind
    duckdb: Callable[[exp.Expr, exp.Expr], exp.Expr]
    spark: Callable[[exp.Expr, exp.Expr], exp.Expr]


def _call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _small(number: exp.Expr) -> exp.Cast:
    return exp.Cast(this=number, to=exp.DataType.build("INT"))


OWN: Mapping[str, Own] = {
    "DAYS_BETWEEN": Own(
        takes=("date", "date"),
        gives="number",
        duckdb=lambda a, b: _call("DATE_DIFF", exp.Literal.string("day"), a, b),
        spark=lambda a, b: _call("DATEDIFF", b, a),
    ),
    "DAY_PLUS": Own(
        takes=("date", "number"),
        gives="date",
        duckdb=lambda d, n: exp.Paren(this=exp.Add(this=d, expression=_small(n))),
        spark=lambda d, n: _call("DATE_ADD", d, _small(n)),
    ),
    "SECONDS_BETWEEN": Own(
        takes=("time", "time"),
        gives="number",
        duckdb=lambda a, b: _call("DATE_SUB", exp.Literal.string("second"), a, b),
        spark=lambda a, b: _call("TIMESTAMPDIFF", exp.var("SECOND"), a, b),
    ),
}


def own(node: exp.Expr) -> Own | None:
    """The function of ours that a node calls."""
    return OWN.get(node.name.upper()) if isinstance(node, exp.Anonymous) else None


def cast_to(node: exp.Expr, kind: Kind) -> exp.Cast:
    return exp.Cast(this=node, to=exp.DataType.build(SQL_TYPES[kind], dialect="duckdb"))


def render(tree: exp.Expr, dialect: Dialect) -> str:
    """A checked tree as one engine reads it, every name quoted."""
    root = exp.Subquery(this=tree.copy())  # so that every node has a parent
    for node in reversed(list(root.walk())):  # leaves first: a guard repeats its operands
        if function := own(node):
            build = function.duckdb if dialect == "duckdb" else function.spark
            node.replace(build(*(argument.copy() for argument in node.expressions)))
        elif isinstance(node, exp.IntDiv | exp.Mod):
            node.replace(_guarded(node, dialect))
    rendered: str = root.this.sql(dialect=dialect, identify=True)
    return rendered


def _guarded(node: exp.Expr, dialect: Dialect) -> exp.Expr:
    """The division, or an error where an operand is out of range; of a literal nobody needs to ask."""
    wrong: list[exp.Expr] = []
    if not _is_literal(node.this):
        wrong.append(exp.LT(this=_apart(node.this), expression=exp.Literal.number(0)))
    if not (_is_literal(node.expression) and int(node.expression.name) > 0):
        wrong.append(exp.LTE(this=_apart(node.expression), expression=exp.Literal.number(0)))
    if not wrong:
        return node.copy()
    stop = exp.If(this=exp.or_(*wrong), true=_call(_RAISE[dialect], exp.Literal.string(GUARD)))
    return exp.Paren(this=exp.Case(ifs=[stop], default=node.copy()))


def _apart(node: exp.Expr) -> exp.Expr:
    return node.copy() if isinstance(node, exp.Column | exp.Literal | exp.Paren) else exp.Paren(this=node.copy())


def _is_literal(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal)
