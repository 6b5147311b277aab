"""The allow-list: what a text may be made of. Everything else is refused with its place and the reason.

Why something is left out: two engines read it differently, or it loses a fen, or the answer depends on the weather. The
measurements behind it: docs/adr/0004.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from sqlglot import exp

from yibao.money import LIMIT
from yibao.store.sql.functions import OWN
from yibao.store.sql.grammar import NULLS_SAID, Source

ALLOWED: frozenset[type[exp.Expression]] = frozenset({
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Distinct,
    exp.With, exp.CTE, exp.Subquery, exp.Union, exp.Except, exp.Intersect,
    exp.Table, exp.TableAlias, exp.Column, exp.Identifier, exp.Alias, exp.Star,
    exp.Literal, exp.Null, exp.Boolean, exp.Placeholder, exp.Cast, exp.DataType, exp.Paren,
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.In, exp.Between, exp.Like, exp.Exists, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least,
    exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Mod, exp.Neg, exp.Abs,
    exp.DPipe, exp.Length, exp.Substring, exp.Trim, exp.StartsWith, exp.Year, exp.Month, exp.Day,
    exp.Hour, exp.Minute,
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.LogicalAnd, exp.LogicalOr, exp.Filter,
    exp.Window, exp.WindowSpec, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue,
    exp.Anonymous,
})  # fmt: skip

#: what people reach for, and what to write instead
REASONS: Mapping[type[exp.Expression], str] = {
    exp.Div: "“/”得出小数，金额和计数请用整除 //（两数不小于零）",
    exp.Avg: "AVG 得出小数；请分别给出合计和个数",
    exp.Round: "ROUND 用于小数，各引擎结果不同；请用整数计算",
    exp.TryCast: "TRY_CAST 把读不懂的值悄悄变成空值；请在导入时检查",
    exp.Interval: "INTERVAL 各引擎算法不同；日期加减请用 DAY_PLUS、DAYS_BETWEEN",
    exp.Array: "不能用列表",
    exp.List: "不能用列表",
    exp.Bracket: "不能用列表或下标",
    exp.ArrayAgg: "不能汇成列表，顺序各引擎不同",
    exp.GroupConcat: "不能把多行拼成文字，顺序各引擎不同",
    exp.Quantile: "分位数各引擎算法不同；请用 ROW_NUMBER 排名取值",
    exp.PercentileCont: "分位数各引擎算法不同；请用 ROW_NUMBER 排名取值",
    exp.PercentileDisc: "分位数各引擎算法不同；请用 ROW_NUMBER 排名取值",
    exp.Median: "中位数得出小数；请用 ROW_NUMBER 排名取值",
    exp.AnyValue: "ANY_VALUE 取哪一行不确定；请用 MIN 或 MAX",
    exp.First: "FIRST 取哪一行不确定；请用 MIN、MAX 或 ROW_NUMBER",
    exp.Last: "LAST 取哪一行不确定；请用 MIN、MAX 或 ROW_NUMBER",
    exp.Pivot: "不能用 PIVOT；请用 COUNT(*) FILTER (WHERE …)",
    exp.Qualify: "不能用 QUALIFY；请在外层用 WHERE",
    exp.Offset: "不能用 OFFSET",
    exp.ILike: "ILIKE 的大小写规则各引擎不同",
    exp.Concat: "CONCAT 遇空值各引擎结果不同；请用 ||",
    exp.DayOfWeek: "星期的编号各引擎不同；请用 DAYS_BETWEEN 对 7 取余",
    exp.CurrentDate: "不能取当前时间；请作为参数传入",
    exp.CurrentTimestamp: "不能取当前时间；请作为参数传入",
    exp.Rand: "不能用随机数",
    exp.Lambda: "不能用列表函数",
    exp.Unnest: "不能展开列表",
    exp.Tuple: "不能用多列组成的值",
    exp.IgnoreNulls: "不能用 IGNORE NULLS",
    exp.Escape: "LIKE 不能写 ESCAPE",
}
_SELECT_PARTS = {"with_", "expressions", "from_", "where", "group", "having", "order", "limit", "joins", "distinct"}
_SET_PARTS = {"with_", "this", "expression", "distinct", "order", "limit"}
_CASTS = {exp.DType.BIGINT, exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ, exp.DType.BOOLEAN}
_RANKS = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead)
_AGGREGATES = (exp.Sum, exp.Count, exp.Min, exp.Max, exp.LogicalAnd, exp.LogicalOr)
_WINDOWED = (*_RANKS, exp.FirstValue, exp.LastValue, exp.Sum, exp.Count, exp.Min, exp.Max)
_NAME = re.compile("[a-z_][a-z0-9_]*")

Rule = Callable[[exp.Expression], Iterator[str]]


def refuse_outside(tree: exp.Expression, source: Source) -> None:
    """TextRefused for the first node, in the order of the text, that is not allowed."""
    for node in tree.walk(bfs=False):
        if type(node) not in ALLOWED:
            raise source.refusal(node, _reason(node))
        for reason in _RULES.get(type(node), _nothing)(node):
            raise source.refusal(node, reason)


def _reason(node: exp.Expression) -> str:
    if (said := REASONS.get(type(node))) is not None:
        return said
    return f"“{_shown(node)}”不在可移植的 SQL 子集内（{type(node).__name__}）"


def _shown(node: exp.Expression) -> str:
    text = node.sql("duckdb")
    return text if len(text) <= 40 else f"{text[:40]}…"


def _nothing(node: exp.Expression) -> Iterator[str]:
    yield from ()


def _other_parts(node: exp.Expression, known: set[str]) -> Iterator[str]:
    for name, value in node.args.items():
        if value and name not in known:
            yield REASONS.get(type(value), f"不能用 {name.strip('_').upper()}")


def _select(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, _SELECT_PARTS)
    if node.args.get("limit") and not node.args.get("order"):
        yield "LIMIT 之前要有 ORDER BY，否则取到哪些行不确定"
    if not node.args.get("from_") and node.args.get("joins"):
        yield "缺少 FROM"


def _set_operation(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, _SET_PARTS)
    if node.args.get("limit") and not node.args.get("order"):
        yield "LIMIT 之前要有 ORDER BY，否则取到哪些行不确定"
    if not isinstance(node, exp.Union) and not node.args.get("distinct"):
        yield "EXCEPT ALL、INTERSECT ALL 不能用"


def _distinct(node: exp.Expression) -> Iterator[str]:
    if node.args.get("on"):
        yield "不能用 DISTINCT ON；请用 ROW_NUMBER"
    if isinstance(node.parent, exp.Count) and len(node.expressions) != 1:
        yield "COUNT(DISTINCT …) 只能数一列"


def _group(node: exp.Expression) -> Iterator[str]:
    if node.args.get("all"):
        yield "不能用 GROUP BY ALL；请写出各列"
    yield from _other_parts(node, {"expressions"})
    if any(isinstance(e, exp.Literal) for e in node.expressions):
        yield "GROUP BY 请写列名，不写序号"


def _ordered(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, {"this", "desc", "nulls_first"})
    if isinstance(node.this, exp.Literal):
        yield "ORDER BY 请写列名，不写序号"
    if not node.meta.get(NULLS_SAID):
        yield "ORDER BY 的每一项都要写明 NULLS FIRST 或 NULLS LAST，各引擎默认不同"


def _join(node: exp.Expression) -> Iterator[str]:
    if node.args.get("using"):
        yield "连接请写 ON，不用 USING"
    if node.args.get("method"):
        yield f"不能用 {node.args['method']} 连接；按日期对应请写起止日期的范围"
    yield from _other_parts(node, {"this", "on", "side", "kind"})
    kind, side = (node.args.get("kind") or "").upper(), (node.args.get("side") or "").upper()
    if kind not in ("", "INNER", "OUTER", "CROSS") or side not in ("", "LEFT", "FULL"):
        yield f"不能用 {' '.join(filter(None, (side, kind)))} JOIN；可用 JOIN、LEFT JOIN、FULL JOIN、CROSS JOIN"
    if kind != "CROSS" and not node.args.get("on"):
        yield "连接要写 ON；确实要两两组合，请写 CROSS JOIN"


def _with(node: exp.Expression) -> Iterator[str]:
    if node.args.get("recursive"):
        yield "不能用递归查询"


def _cte(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, {"this", "alias"})
    if not isinstance(node.this, exp.Select | exp.SetOperation):
        yield "WITH 里只能是 SELECT"


def _subquery(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, {"this", "alias"})
    if not isinstance(node.parent, exp.From | exp.Join | exp.In | exp.SetOperation):
        yield "不能把子查询当作一个值；请用 WITH 和 JOIN"
    if isinstance(node.parent, exp.From | exp.Join) and not node.alias:
        yield "FROM 里的子查询要有名字"


def _table(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, {"this", "alias"})
    if not isinstance(node.this, exp.Identifier):
        yield "FROM 后面只能是表名"


def _identifier(node: exp.Expression) -> Iterator[str]:
    if not _NAME.fullmatch(node.name):
        yield f"名字“{node.name}”应由小写字母、数字和下划线组成"


def _star(node: exp.Expression) -> Iterator[str]:
    if any(node.args.values()):
        yield "不能用 SELECT * EXCEPT、REPLACE；请写出各列"


def _literal(node: exp.Expression) -> Iterator[str]:
    if not node.args.get("is_string") and not (node.name.isdigit() and int(node.name) <= LIMIT):
        yield f"数 {node.name} 不是整数；金额以分、比例以万分之一计"


def _cast(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, {"this", "to"})
    if node.args["to"].this not in _CASTS:
        yield f"不能转换成 {node.args['to'].sql('duckdb')}；可用 BIGINT、VARCHAR、DATE、TIMESTAMP、BOOLEAN"


def _is(node: exp.Expression) -> Iterator[str]:
    if not isinstance(node.expression, exp.Null | exp.Boolean):
        yield "IS 后面只能是 NULL、TRUE、FALSE"


def _in(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, {"this", "expressions", "query"})
    if node.args.get("query") and isinstance(node.parent, exp.Not):
        yield "NOT IN (查询) 遇空值得不到任何行；请用 NOT EXISTS"


def _like(node: exp.Expression) -> Iterator[str]:
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string and "\\" not in pattern.name):
        yield "LIKE 的模式应直接写出，不含反斜杠；比较开头请用 STARTS_WITH"


def _substring(node: exp.Expression) -> Iterator[str]:
    start, length = node.args.get("start"), node.args.get("length")
    if not (isinstance(start, exp.Literal) and start.name.isdigit() and int(start.name) >= 1):
        yield "SUBSTRING 的起点应直接写出，从 1 数起"
    if not (isinstance(length, exp.Literal) and length.name.isdigit()):
        yield "SUBSTRING 的长度应直接写出"


def _trim(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, {"this"})


def _sum(node: exp.Expression) -> Iterator[str]:
    if isinstance(node.this, exp.Distinct):
        yield "不能用 SUM(DISTINCT …)"
    outer = node.parent
    while isinstance(outer, exp.Window | exp.Filter | exp.Paren):
        outer = outer.parent
    if not (isinstance(outer, exp.Cast) and outer.args["to"].this == exp.DType.BIGINT):
        yield "SUM 的结果会变成小数类型；请写 CAST(SUM(…) AS BIGINT)"


def _count(node: exp.Expression) -> Iterator[str]:
    if node.expressions:
        yield "COUNT 只能数一列"


def _extreme(node: exp.Expression) -> Iterator[str]:
    if node.expressions:
        yield "MIN、MAX 只取一列；一行之内取大小请用 GREATEST、LEAST"


def _filter(node: exp.Expression) -> Iterator[str]:
    if not isinstance(node.this, _AGGREGATES):
        yield "FILTER 只能跟在 COUNT、SUM、MIN、MAX、BOOL_AND、BOOL_OR 之后"


def _window(node: exp.Expression) -> Iterator[str]:
    yield from _other_parts(node, {"this", "partition_by", "order", "spec", "over"})
    of = node.this.this if isinstance(node.this, exp.Filter) else node.this
    if not isinstance(of, _WINDOWED):
        yield f"{_shown(of)} 不能用作窗口函数"
    if isinstance(of, _RANKS) and not node.args.get("order"):
        yield "排名和前后行的窗口要写 ORDER BY"
    if isinstance(of, exp.FirstValue | exp.LastValue) and not (node.args.get("order") and node.args.get("spec")):
        yield "FIRST_VALUE、LAST_VALUE 的窗口要写 ORDER BY 和 ROWS BETWEEN"


def _window_spec(node: exp.Expression) -> Iterator[str]:
    if node.args.get("exclude"):
        yield "窗口不能写 EXCLUDE"
    if (node.args.get("kind") or "").upper() not in ("ROWS", "RANGE"):
        yield "窗口的范围只能是 ROWS 或 RANGE"


def _own(node: exp.Expression) -> Iterator[str]:
    function = OWN.get(node.name.upper())
    if function is None:
        yield f"函数 {node.name} 不在可移植的 SQL 子集内"
    elif len(node.expressions) != len(function.takes):
        yield f"{node.name} 应有 {len(function.takes)} 个参数"


def _placeholder(node: exp.Expression) -> Iterator[str]:
    if not node.name or not _NAME.fullmatch(node.name):
        yield "参数请写成 $名字（小写字母）"


_RULES: Mapping[type[exp.Expression], Rule] = {
    exp.Select: _select, exp.Union: _set_operation, exp.Except: _set_operation, exp.Intersect: _set_operation,
    exp.Distinct: _distinct, exp.Group: _group, exp.Ordered: _ordered, exp.Join: _join, exp.With: _with, exp.CTE: _cte,
    exp.Subquery: _subquery, exp.Table: _table, exp.Identifier: _identifier, exp.Star: _star, exp.Literal: _literal,
    exp.Cast: _cast, exp.Is: _is, exp.In: _in, exp.Like: _like, exp.Substring: _substring, exp.Trim: _trim, exp.Sum: _sum,
    exp.Count: _count, exp.Min: _extreme, exp.Max: _extreme, exp.Filter: _filter, exp.Window: _window, exp.WindowSpec: _window_spec, exp.Anonymous: _own, exp.Placeholder: _placeholder,
}  # fmt: skip
