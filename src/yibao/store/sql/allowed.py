"""The allow-list as data: the nodes of the portable subset, their parts, and why the rest is left out.

Something is left out because two engines read it differently, or it loses a fen, or its answer depends on chance. The measurements
behind it: docs/adr/0004.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

ALLOWED: frozenset[type[exp.Expr]] = frozenset({
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
REASONS: Mapping[type[exp.Expr], str] = {
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
    exp.IgnoreNulls: "不能用 IGNORE NULLS；ANY_VALUE 取哪一行不确定，请用 MIN 或 MAX",
    exp.Escape: "LIKE 不能写 ESCAPE",
}
OPERANDS = frozenset({"this", "expression", "expressions"})
_SET = frozenset({"with_", "this", "expression", "distinct", "order", "limit"})
#: what a node may consist of, beyond its operands; anything else that the grammar knows is refused
PARTS: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset(
        {"with_", "expressions", "from_", "where", "group", "having", "order", "limit", "joins", "distinct"}
    ),
    exp.Union: _SET, exp.Except: _SET, exp.Intersect: _SET,
    exp.Join: frozenset({"this", "on", "side", "kind"}),
    exp.Ordered: frozenset({"this", "desc", "nulls_first"}),
    exp.Group: frozenset({"expressions"}),
    exp.With: frozenset({"expressions"}),
    exp.CTE: frozenset({"this", "alias"}), exp.Subquery: frozenset({"this", "alias"}),
    exp.Table: frozenset({"this", "alias"}), exp.TableAlias: frozenset({"this", "columns"}), exp.Alias: frozenset({"this", "alias"}),
    exp.Column: frozenset({"this", "table"}), exp.Identifier: frozenset({"this", "quoted"}), exp.Star: frozenset(),
    exp.Literal: frozenset({"this", "is_string"}), exp.DataType: frozenset({"this", "nested"}),
    exp.Cast: frozenset({"this", "to"}), exp.Trim: frozenset({"this"}), exp.Substring: frozenset({"this", "start", "length"}),
    exp.In: frozenset({"this", "expressions", "query"}), exp.Between: frozenset({"this", "low", "high"}),
    exp.Case: frozenset({"this", "ifs", "default"}), exp.If: frozenset({"this", "true"}),
    exp.Greatest: frozenset({"this", "expressions", "ignore_nulls"}), exp.Least: frozenset({"this", "expressions", "ignore_nulls"}),
    exp.Count: frozenset({"this", "big_int"}), exp.Min: frozenset({"this"}), exp.Max: frozenset({"this"}),
    exp.DPipe: frozenset({"this", "expression", "safe"}),
    exp.Lag: frozenset({"this", "offset", "default"}), exp.Lead: frozenset({"this", "offset", "default"}),
    exp.Window: frozenset({"this", "partition_by", "order", "spec", "over"}),
    exp.WindowSpec: frozenset({"kind", "start", "start_side", "end", "end_side"}),
}  # fmt: skip
PART_REASONS: Mapping[tuple[type[exp.Expr], str], str] = {
    (exp.Table, "db"): "表名前面不能写库名",
    (exp.Join, "using"): "连接请写 ON，不用 USING",
    (exp.Join, "method"): "不能用 NATURAL、ASOF、POSITIONAL 连接；按日期对应请写起止日期的范围",
    (exp.Group, "all"): "不能用 GROUP BY ALL；请写出各列",
    (exp.With, "recursive"): "不能用递归查询",
    (exp.Star, "except_"): "不能用 SELECT * EXCEPT、EXCLUDE；请写出各列",
    (exp.Distinct, "on"): "不能用 DISTINCT ON；请用 ROW_NUMBER",
    (exp.If, "false"): "IF 请写成 CASE WHEN … THEN … ELSE … END",
    (exp.Min, "count"): "MIN、MAX 只取一列；一行之内取大小请用 GREATEST、LEAST",
    (exp.Max, "count"): "MIN、MAX 只取一列；一行之内取大小请用 GREATEST、LEAST",
    (exp.WindowSpec, "exclude"): "窗口不能写 EXCLUDE",
}
#: what CAST may make
CASTS = frozenset({
    exp.DType.BIGINT, exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ,
    exp.DType.BOOLEAN,
})  # fmt: skip
