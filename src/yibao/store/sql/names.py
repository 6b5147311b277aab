"""Names in a text, held against the tables that it may read: who is unknown, who is ambiguous, and where."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

from yibao.store.sql.functions import SQL_TYPES, Kind
from yibao.store.sql.grammar import Portable, Source

Shapes = Mapping[str, Mapping[str, Kind]]  #: table → column → kind


def tables_read(tree: exp.Expr, known: Collection[str], source: Source) -> frozenset[str]:
    """The tables that a text reads, its own WITH names left out; TextRefused for a stranger."""
    found = set()
    for scope in traverse_scope(tree):
        for of in scope.sources.values():
            if isinstance(of, exp.Table):
                if of.name not in known:
                    raise source.refusal(of, f"没有“{of.name}”这张表{_like(of.name, known)}")
                found.add(of.name)
    for cte in tree.find_all(exp.CTE):
        if cte.alias in known:
            raise source.refusal(cte, f"WITH 里的名字“{cte.alias}”与一张表同名，请换一个")
    return frozenset(found)


def qualified(tree: exp.Expr, shapes: Shapes, source: Source) -> exp.Expr:
    """The tree with stars written out and every column under its table; TextRefused for an unknown or ambiguous one."""
    schema: dict[str, object] = {
        table: {name: SQL_TYPES[kind] for name, kind in columns.items()} for table, columns in shapes.items()
    }
    try:
        found = qualify(
            tree,
            dialect=Portable,
            schema=schema,
            quote_identifiers=False,
            allow_partial_qualification=True,
            validate_qualify_columns=False,
        )
    except SqlglotError as error:
        raise source.refusal(None, f"列名对不上（{error}）") from None
    for scope in traverse_scope(found):
        for column in scope.columns:
            _refuse_unknown(column, scope, shapes, source)
    return found


def _refuse_unknown(column: exp.Column, scope: Scope, shapes: Shapes, source: Source) -> None:
    if not column.table:
        owners = [name for name, of in scope.sources.items() if column.name in _columns(of, shapes)]
        if len(owners) > 1:
            raise source.refusal(column, f"列“{column.name}”在 {'、'.join(owners)} 里都有，请写明是哪一张表的")
        if not owners and column.name not in _aliases_in_order(column, scope):
            everywhere = {name for of in scope.sources.values() for name in _columns(of, shapes)}
            raise source.refusal(column, f"没有“{column.name}”这一列{_like(column.name, everywhere)}")
        return
    seen: Scope | None = scope
    while seen is not None:
        if column.table in seen.sources:
            names = _columns(seen.sources[column.table], shapes)
            if column.name not in names:
                said = f"“{column.table}”没有“{column.name}”这一列{_like(column.name, names)}"
                raise source.refusal(column, said)
            return
        seen = seen.parent
    raise source.refusal(column, f"没有“{column.table}”这张表")


def _columns(of: exp.Expr | Scope, shapes: Shapes) -> Collection[str]:
    if isinstance(of, exp.Table):
        return shapes[of.name]
    return _given_by(of.expression) if isinstance(of, Scope) else ()


def _aliases_in_order(column: exp.Column, scope: Scope) -> Collection[str]:
    """ORDER BY may name what the SELECT gives."""
    return _given_by(scope.expression) if column.find_ancestor(exp.Order) else ()


def _given_by(query: exp.Expr) -> Collection[str]:
    return query.named_selects if isinstance(query, exp.Query) else ()


def _like(name: str, known: Collection[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f"，是不是“{near[0]}”？" if near else ""
