"""Groups and aggregates: outside an aggregate stands only what the rows of a group have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from yibao.store.sql.grammar import Source


def refuse_ungrouped(tree: exp.Expr, source: Source) -> None:
    """TextRefused for a column beside an aggregate that is not grouped, and for an aggregate where none can be. Names are qualified."""
    for select in tree.find_all(exp.Select):
        for node, reason in _wrong(select):
            raise source.refusal(node, reason)


def _wrong(select: exp.Select) -> Iterator[tuple[exp.Expr, str]]:
    where = [select.args["where"]] if select.args.get("where") else []
    for part in (*where, *(join.args["on"] for join in select.args.get("joins") or () if join.args.get("on"))):
        yield from ((found, "WHERE、ON 里不能用合计；请用 HAVING") for found in _aggregates(part))
    group = select.args.get("group")
    grouped: Sequence[exp.Expr] = group.expressions if group else ()
    told = [*select.expressions, *([select.args["having"]] if select.args.get("having") else [])]
    if not group and not any(True for part in told for _ in _aggregates(part)):
        return
    for part in told:
        for column in _loose(part, grouped, select):
            yield column, f"“{column.name}”不在 GROUP BY 里，一组里可能有几个值；请加进 GROUP BY，或用 MIN、MAX"


def _loose(node: exp.Expr, grouped: Sequence[exp.Expr], select: exp.Select) -> Iterator[exp.Column]:
    """The columns that are neither grouped nor inside an aggregate."""
    if node in grouped or (isinstance(node, exp.AggFunc) and not isinstance(node.parent, exp.Window)):
        return
    if isinstance(node, exp.Filter) and not isinstance(node.parent, exp.Window):
        return
    if isinstance(node, exp.Query) and node is not select:
        return
    if isinstance(node, exp.Column):
        yield node
        return
    for child in node.iter_expressions():
        yield from _loose(child, grouped, select)


def _aggregates(node: exp.Expr) -> Iterator[exp.Expr]:
    """Aggregates of this query itself, not of a window or of a query within."""
    if isinstance(node, exp.Query):
        return
    if isinstance(node, exp.Window):
        parts = [*node.this.iter_expressions(), *(e for name, e in _parts(node) if name != "this")]
    elif isinstance(node, exp.AggFunc):
        yield node
        return
    else:
        parts = list(node.iter_expressions())
    for part in parts:
        yield from _aggregates(part)


def _parts(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    for name, value in node.args.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, exp.Expr):
                yield name, part
