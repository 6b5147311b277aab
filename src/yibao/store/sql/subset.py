"""Holds a text against the allow-list (`allowed`): what is not in it is refused with its place and the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from sqlglot import exp

from yibao.money import LIMIT
from yibao.store.sql.allowed import ALLOWED, CASTS, OPERANDS, PART_REASONS, PARTS, REASONS
from yibao.store.sql.functions import OWN
from yibao.store.sql.grammar import NULLS_SAID, Source

_RANKS = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead)
_AGGREGATES = (exp.Sum, exp.Count, exp.Min, exp.Max, exp.LogicalAnd, exp.LogicalOr)
_WINDOWED = (*_RANKS, exp.FirstValue, exp.LastValue, exp.Sum, exp.Count, exp.Min, exp.Max)
_NAME = re.compile("[a-z_][a-z0-9_]*")

Rule = Callable[[exp.Expr], Iterator[str]]


def refuse_outside(tree: exp.Expr, source: Source) -> None:
    """TextRefused for the first node, in the order of the text, that is not allowed."""
    for node in tree.walk(bfs=False):
        if type(node) not in ALLOWED:
            raise source.refusal(node, _reason(node))
        for reason in (*_other_parts(node), *_RULES.get(type(node), _nothing)(node)):
            raise source.refusal(node, reason)


def _reason(node: exp.Expr) -> str:
    if (said := REASONS.get(type(node))) is not None:
        return said
    return f"“{_shown(node)}”不在可移植的 SQL 子集内（{type(node).__name__}）"


def _shown(node: exp.Expr) -> str:
    text = node.sql("duckdb")
    return text if len(text) <= 40 else f"{text[:40]}…"


def _nothing(node: exp.Expr) -> Iterator[str]:
    yield from ()


def _other_parts(node: exp.Expr) -> Iterator[str]:
    known = PARTS.get(type(node), OPERANDS)
    for name, value in node.args.items():
        if value and name not in known:
            first = value[0] if isinstance(value, list) else value
            general = f"{type(node).__name__.upper()} 不能带 {name.strip('_').upper()}"
            yield PART_REASONS.get((type(node), name)) or REASONS.get(type(first)) or general


def _select(node: exp.Expr) -> Iterator[str]:
    if node.args.get("limit") and not node.args.get("order"):
        yield "LIMIT 之前要有 ORDER BY，否则取到哪些行不确定"
    if not node.args.get("from_") and node.args.get("joins"):
        yield "缺少 FROM"


def _set_operation(node: exp.Expr) -> Iterator[str]:
    if node.args.get("limit") and not node.args.get("order"):
        yield "LIMIT 之前要有 ORDER BY，否则取到哪些行不确定"
    if not isinstance(node, exp.Union) and not node.args.get("distinct"):
        yield "EXCEPT ALL、INTERSECT ALL 不能用"


def _distinct(node: exp.Expr) -> Iterator[str]:
    if isinstance(node.parent, exp.Count) and len(node.expressions) != 1:
        yield "COUNT(DISTINCT …) 只能数一列"


def _group(node: exp.Expr) -> Iterator[str]:
    if any(isinstance(e, exp.Literal) for e in node.expressions):
        yield "GROUP BY 请写列名，不写序号"


def _ordered(node: exp.Expr) -> Iterator[str]:
    if isinstance(node.this, exp.Literal):
        yield "ORDER BY 请写列名，不写序号"
    if not node.meta.get(NULLS_SAID):
        yield "ORDER BY 的每一项都要写明 NULLS FIRST 或 NULLS LAST，各引擎默认不同"


def _join(node: exp.Expr) -> Iterator[str]:
    kind, side = (node.args.get("kind") or "").upper(), (node.args.get("side") or "").upper()
    if kind not in ("", "INNER", "OUTER", "CROSS") or side not in ("", "LEFT", "FULL"):
        yield f"不能用 {' '.join(filter(None, (side, kind)))} JOIN；可用 JOIN、LEFT JOIN、FULL JOIN、CROSS JOIN"
    if kind != "CROSS" and not node.args.get("on"):
        yield "连接要写 ON；确实要两两组合，请写 CROSS JOIN"


def _cte(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.this, exp.Select | exp.SetOperation):
        yield "WITH 里只能是 SELECT"


def _subquery(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.parent, exp.From | exp.Join | exp.In | exp.SetOperation):
        yield "不能把子查询当作一个值；请用 WITH 和 JOIN"
    if isinstance(node.parent, exp.From | exp.Join) and not node.alias:
        yield "FROM 里的子查询要有名字"


def _table(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.this, exp.Identifier):
        yield "FROM 后面只能是表名"


def _identifier(node: exp.Expr) -> Iterator[str]:
    if not _NAME.fullmatch(node.name):
        yield f"名字“{node.name}”应由小写字母、数字和下划线组成"


def _literal(node: exp.Expr) -> Iterator[str]:
    if not node.args.get("is_string") and not (node.name.isdigit() and int(node.name) <= LIMIT):
        yield f"数 {node.name} 不是整数；金额以分、比例以万分之一计"


def _cast(node: exp.Expr) -> Iterator[str]:
    if node.args["to"].this not in CASTS:
        yield f"不能转换成 {node.args['to'].sql('duckdb')}；可用 BIGINT、VARCHAR、DATE、TIMESTAMP、BOOLEAN"


def _is(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.expression, exp.Null | exp.Boolean):
        yield "IS 后面只能是 NULL、TRUE、FALSE"


def _in(node: exp.Expr) -> Iterator[str]:
    if node.args.get("query") and isinstance(node.parent, exp.Not):
        yield "NOT IN (查询) 遇空值得不到任何行；请用 NOT EXISTS"


def _like(node: exp.Expr) -> Iterator[str]:
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string and "\\" not in pattern.name):
        yield "LIKE 的模式应直接写出，不含反斜杠；比较开头请用 STARTS_WITH"


def _substring(node: exp.Expr) -> Iterator[str]:
    start, length = node.args.get("start"), node.args.get("length")
    if not (isinstance(start, exp.Literal) and start.name.isdigit() and int(start.name) >= 1):
        yield "SUBSTRING 的起点应直接写出，从 1 数起"
    if not (isinstance(length, exp.Literal) and length.name.isdigit()):
        yield "SUBSTRING 的长度应直接写出"


def _sum(node: exp.Expr) -> Iterator[str]:
    if isinstance(node.this, exp.Distinct):
        yield "不能用 SUM(DISTINCT …)"
    outer = node.parent
    while isinstance(outer, exp.Window | exp.Filter | exp.Paren):
        outer = outer.parent
    if not (isinstance(outer, exp.Cast) and outer.args["to"].this == exp.DType.BIGINT):
        yield "SUM 的结果会变成小数类型；请写 CAST(SUM(…) AS BIGINT)"


def _filter(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.this, _AGGREGATES):
        yield "FILTER 只能跟在 COUNT、SUM、MIN、MAX、BOOL_AND、BOOL_OR 之后"


def _window(node: exp.Expr) -> Iterator[str]:
    of = node.this.this if isinstance(node.this, exp.Filter) else node.this
    if not isinstance(of, _WINDOWED):
        yield f"{_shown(of)} 不能用作窗口函数"
    if isinstance(of, _RANKS) and not node.args.get("order"):
        yield "排名和前后行的窗口要写 ORDER BY"
    if isinstance(of, exp.FirstValue | exp.LastValue) and not (node.args.get("order") and node.args.get("spec")):
        yield "FIRST_VALUE、LAST_VALUE 的窗口要写 ORDER BY 和 ROWS BETWEEN"


def _window_spec(node: exp.Expr) -> Iterator[str]:
    if (node.args.get("kind") or "").upper() not in ("ROWS", "RANGE"):
        yield "窗口的范围只能是 ROWS 或 RANGE"


def _own(node: exp.Expr) -> Iterator[str]:
    function = OWN.get(node.name.upper())
    if function is None:
        yield f"函数 {node.name} 不在可移植的 SQL 子集内"
    elif len(node.expressions) != len(function.takes):
        yield f"{node.name} 应有 {len(function.takes)} 个参数"


def _placeholder(node: exp.Expr) -> Iterator[str]:
    if not node.name or not _NAME.fullmatch(node.name):
        yield "参数请写成 $名字（小写字母）"


_RULES: Mapping[type[exp.Expr], Rule] = {
    exp.Select: _select, exp.Union: _set_operation, exp.Except: _set_operation, exp.Intersect: _set_operation,
    exp.Distinct: _distinct, exp.Group: _group, exp.Ordered: _ordered, exp.Join: _join, exp.CTE: _cte,
    exp.Subquery: _subquery, exp.Table: _table, exp.Identifier: _identifier, exp.Literal: _literal,
    exp.Cast: _cast, exp.Is: _is, exp.In: _in, exp.Like: _like, exp.Substring: _substring, exp.Sum: _sum,
    exp.Filter: _filter, exp.Window: _window, exp.WindowSpec: _window_spec, exp.Anonymous: _own, exp.Placeholder: _placeholder,
}  # fmt: skip
