"""What each expression is, and that nothing is compared, added or merged across kinds.

Engines convert silently, each in its own way ('1.5' as a whole number is 2 here and an error there). So a text says CAST
where it means one, and only the casts below mean the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types

from yibao.store.sql.functions import SQL_TYPES, Kind, own
from yibao.store.sql.grammar import Portable, Source
from yibao.store.sql.names import Shapes

KIND_NAMES: Mapping[Kind, str] = {
    "number": "整数", "text": "文字", "flag": "是否", "date": "日期", "time": "日期时间",
}  # fmt: skip
_TYPES: Mapping[exp.DType, Kind] = {
    exp.DType.TINYINT: "number", exp.DType.SMALLINT: "number", exp.DType.INT: "number", exp.DType.BIGINT: "number",
    exp.DType.VARCHAR: "text", exp.DType.TEXT: "text", exp.DType.BOOLEAN: "flag", exp.DType.DATE: "date", exp.DType.TIMESTAMP: "time",
    exp.DType.TIMESTAMPNTZ: "time",
}  # fmt: skip
_CASTS: frozenset[tuple[Kind, Kind]] = frozenset({
    ("number", "text"), ("date", "text"), ("flag", "number"), ("date", "time"), ("time", "date"),
})  # fmt: skip
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_WRITTEN: Mapping[Kind, str] = {"date": r"\d{4}-\d\d-\d\d", "time": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"}


def annotate(tree: exp.Expr, shapes: Shapes, source: Source) -> exp.Expr:
    """The tree with the type of every node; TextRefused where kinds do not go together."""
    schema: dict[str, object] = {
        table: {name: SQL_TYPES[kind] for name, kind in columns.items()} for table, columns in shapes.items()
    }
    typed = annotate_types(tree, schema=schema, dialect=Portable)
    for node in typed.walk(bfs=False):
        for reason in _wrong(node):
            raise source.refusal(node, reason)
    return typed


def kind_of(node: exp.Expr) -> Kind | None:
    """None for NULL, which goes with everything, and for what has no kind of ours."""
    while isinstance(node, exp.Alias | exp.Paren):
        node = node.this
    return _TYPES.get(node.type.this) if node.type is not None else None


def output_kinds(tree: exp.Query, source: Source) -> dict[str, Kind]:
    """Each column that a text gives, in order; TextRefused for one without a name, a kind, or the same name twice."""
    found: dict[str, Kind] = {}
    for node in tree.selects:
        kind = kind_of(node)
        if kind is None:
            raise source.refusal(node, f"看不出列“{node.alias_or_name}”的类型；空值请写 CAST(NULL AS 类型)")
        if not re.fullmatch("[a-z_][a-z0-9_]*", node.alias_or_name) or node.alias_or_name.startswith("_col_"):
            raise source.refusal(node, "算出来的列要用 AS 起名（小写字母、数字、下划线）")
        if node.alias_or_name in found:
            raise source.refusal(node, f"列名“{node.alias_or_name}”用了两次")
        found[node.alias_or_name] = kind
    return found


def _wrong(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, _COMPARED):
        yield from _alike("比较", (node.this, node.expression), dates_too=True)
    elif isinstance(node, exp.Between):
        yield from _alike("比较", (node.this, node.args["low"], node.args["high"]), dates_too=True)
    elif isinstance(node, exp.In):
        query = node.args.get("query")
        inner = [query.this.selects[0]] if isinstance(query, exp.Subquery) else node.expressions
        yield from _alike("比较", (node.this, *inner))
    elif isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.IntDiv | exp.Mod):
        yield from _must_be("number", "算术", (node.this, node.expression))
    elif isinstance(node, exp.Neg | exp.Abs | exp.Sum):
        yield from _must_be("number", "算术", (node.this,))
    elif isinstance(node, exp.DPipe):
        yield from _must_be("text", "||", (node.this, node.expression))
    elif isinstance(node, exp.Length | exp.Substring | exp.Trim | exp.Like | exp.StartsWith):
        yield from _must_be("text", "文字函数", (node.this,))
    elif isinstance(node, exp.And | exp.Or):
        yield from _must_be("flag", "AND、OR", (node.this, node.expression))
    elif isinstance(node, exp.Not | exp.Where | exp.Having | exp.LogicalAnd | exp.LogicalOr):
        yield from _must_be("flag", "条件", (node.this,))
    elif isinstance(node, exp.Join) and node.args.get("on"):
        yield from _must_be("flag", "ON", (node.args["on"],))
    else:
        yield from _wrong_branches(node)


def _wrong_branches(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Case):
        values = [branch.args["true"] for branch in node.args["ifs"]]
        yield from _alike("CASE 的各个结果", (*values, *filter(None, (node.args.get("default"),))))
        asked = [branch.this for branch in node.args["ifs"]]
        yield from _alike("CASE", (node.this, *asked)) if node.this else _must_be("flag", "CASE WHEN", asked)
    elif isinstance(node, exp.Coalesce | exp.Greatest | exp.Least):
        yield from _alike("各个值", (node.this, *node.expressions))
    elif isinstance(node, exp.Nullif):
        yield from _alike("NULLIF", (node.this, node.expression))
    elif isinstance(node, exp.Lag | exp.Lead) and node.args.get("default"):
        yield from _alike("默认值", (node.this, node.args["default"]))
    elif isinstance(node, exp.Year | exp.Month | exp.Day | exp.Hour | exp.Minute):
        if kind_of(node.this) not in ("date", "time", None):
            yield "YEAR、MONTH、DAY、HOUR、MINUTE 的参数应是日期或日期时间"
    elif isinstance(node, exp.SetOperation):
        yield from _wrong_union(node)
    elif isinstance(node, exp.Cast):
        yield from _wrong_cast(node)
    elif function := own(node):
        for argument, kind in zip(node.expressions, function.takes, strict=True):
            yield from _must_be(kind, node.name.upper(), (argument,))


def _wrong_union(node: exp.SetOperation) -> Iterator[str]:
    left, right = node.left.selects, node.right.selects
    if len(left) != len(right):
        yield f"两个查询的列数不同：{len(left)} 与 {len(right)}"
    for a, b in zip(left, right, strict=False):
        yield from _alike(f"列“{a.alias_or_name}”", (a, b))


def _wrong_cast(node: exp.Cast) -> Iterator[str]:
    to = _TYPES.get(node.args["to"].this)
    of = kind_of(node.this)
    if to is None or of is None or of == to or own(node.this) or (of, to) in _CASTS:
        return
    written = _WRITTEN.get(to)
    if written and isinstance(node.this, exp.Literal):
        if not re.fullmatch(written, node.this.name):
            yield f"“{node.this.name}”应写成 {'2025-01-31' if to == 'date' else '2025-01-31 08:00:00'} 的样子"
        return
    yield f"{KIND_NAMES[of]}不能转换成{KIND_NAMES[to]}，各引擎结果不同"


def _alike(what: str, nodes: Sequence[exp.Expr], *, dates_too: bool = False) -> Iterator[str]:
    kinds = {kind for node in nodes if (kind := kind_of(node)) is not None}
    if dates_too and kinds == {"date", "time"}:
        return
    if len(kinds) > 1:
        yield f"{what}的类型不同：{'、'.join(KIND_NAMES[kind] for kind in sorted(kinds))}；请写明 CAST"


def _must_be(kind: Kind, what: str, nodes: Sequence[exp.Expr]) -> Iterator[str]:
    for node in nodes:
        found = kind_of(node)
        if found is not None and found != kind:
            yield f"{what}要用{KIND_NAMES[kind]}，这里是{KIND_NAMES[found]}"
