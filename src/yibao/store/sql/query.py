"""A checked text: what it reads, takes and gives; and its rendering for an engine."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from yibao.errors import UserError
from yibao.store.sql.functions import Dialect, Kind, cast_to, own, render
from yibao.store.sql.grammar import Source, parse
from yibao.store.sql.grouping import refuse_ungrouped
from yibao.store.sql.kinds import annotate, output_kinds
from yibao.store.sql.names import Shapes, qualified, tables_read
from yibao.store.sql.subset import refuse_outside
from yibao.vocabulary.tables import Table, Type

Value = int | str | bool | datetime.date | datetime.datetime  #: of a parameter
KIND_OF: Mapping[Type, Kind] = {
    "code": "text",
    "text": "text",
    "flag": "flag",
    "date": "date",
    "time": "time",
    **dict.fromkeys(("year", "month", "count", "money", "price", "quantity", "rate", "decimal"), "number"),
}


#: 32 bits in one engine, 64 in the other: times a hundred million, only one of them would overflow
_NARROW = (exp.Year, exp.Month, exp.Day, exp.Hour, exp.Minute, exp.Length)
_NARROW_RANKS = (exp.RowNumber, exp.Rank, exp.DenseRank)


@dataclass(frozen=True, slots=True)
class Query:
    """A text that passed every check. `columns` in the order of the SELECT."""

    tree: exp.Query = field(repr=False)
    tables: frozenset[str]
    takes: Mapping[str, Kind]
    columns: Mapping[str, Kind]

    def render(self, dialect: Dialect) -> str:
        """The text of one engine; parameters stay parameters ($name, :name)."""
        return render(self.tree, dialect)


def check(
    sql: str, shapes: Shapes, takes: Mapping[str, Kind] | None = None, name: str = "查询语句", line: int = 1
) -> Query:
    """TextRefused with line, column and reason, unless the text is in the subset and knows its tables, columns and kinds.

    `takes`: the parameters by name. `line`: where in the file called `name` the text begins.
    """
    source, takes = Source(sql, name, line), takes or {}
    tree = parse(source)
    refuse_outside(tree, source)
    tables = tables_read(tree, shapes.keys(), source)
    _refuse_parameters(tree, takes, source)
    read = {table: shapes[table] for table in tables}
    typed = annotate(qualified(_typed(tree, takes), read, source), read, source)
    refuse_ungrouped(typed, source)
    assert isinstance(typed, exp.Query)
    return Query(typed, tables, dict(takes), output_kinds(typed, source))


def shape_of(table: Table) -> dict[str, Kind]:
    """The kinds of a declared table's columns."""
    return {column.name: KIND_OF[column.type] for column in table.columns}


def kind_of_value(name: str, value: object) -> Kind:
    """UserError for a value that cannot be a parameter: money is int fen, never float or Decimal."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            return "time"
        raise UserError(f"参数 {name} 的时间不能带时区。")
    if isinstance(value, datetime.date):
        return "date"
    raise UserError(
        f"参数 {name} 的类型 {type(value).__name__} 不能用；可用整数（金额以分计）、文字、是否、日期、日期时间。"
    )


def _refuse_parameters(tree: exp.Expr, takes: Collection[str], source: Source) -> None:
    used = {node.name: node for node in tree.find_all(exp.Placeholder)}
    for name, node in used.items():
        if name not in takes:
            raise source.refusal(node.parent, f"没有给出参数 ${name}")
    if idle := sorted(set(takes) - set(used)):
        raise source.refusal(None, f"参数 {'、'.join(idle)} 没有用到")


def _typed(tree: exp.Expr, takes: Mapping[str, Kind]) -> exp.Expr:
    """Parameters, and functions that an engine gives a narrower type, in a cast to what they are: so all above them knows it."""
    root = exp.Subquery(this=tree.copy())
    for node in list(root.walk()):
        if isinstance(node, exp.Placeholder):
            node.replace(cast_to(node.copy(), takes[node.name]))
    for node in reversed(list(root.walk())):
        if function := own(node):
            node.replace(cast_to(node.copy(), function.gives))
        elif isinstance(node, _NARROW) or (isinstance(node, exp.Window) and isinstance(node.this, _NARROW_RANKS)):
            node.replace(cast_to(node.copy(), "number"))
    typed: exp.Expr = root.this
    return typed
