"""What a text may not be, each with its reason; and where the place of a mistake is said."""

from __future__ import annotations

import pytest

from tests.store.small import VOCABULARY
from yibao.errors import UserError
from yibao.store.sql.query import check, kind_of_value, shape_of

SHAPES = {name: shape_of(table) for name, table in VOCABULARY.tables.items()}

REFUSED = """
SELECT amount / 2 AS x FROM lines | 整除 //
SELECT AVG(amount) AS x FROM lines | AVG 得出小数
SELECT ROUND(amount) AS x FROM lines | ROUND
SELECT SUM(amount) AS x FROM lines | CAST(SUM(…) AS BIGINT)
SELECT CAST(SUM(amount) AS DOUBLE) AS x FROM lines | 不能转换成 DOUBLE
SELECT CAST(amount AS DOUBLE) AS x FROM lines | 不能转换成 DOUBLE
SELECT CAST(amount AS DECIMAL(18, 2)) AS x FROM lines | 不能转换成 DECIMAL(18, 2)
SELECT TRY_CAST(amount AS BIGINT) AS x FROM lines | TRY_CAST
SELECT CAST(visit_no AS BIGINT) AS x FROM lines | 文字不能转换成整数
SELECT CAST(visit_no AS DATE) AS x FROM lines | 文字不能转换成日期
SELECT CAST('2025-1-5' AS DATE) AS x FROM lines | 2025-01-31
SELECT amount * 1.5 AS x FROM lines | 不是整数
SELECT amount + 99999999999999999999 AS x FROM lines | 不是整数
SELECT list(amount ORDER BY line_no NULLS LAST) AS x FROM lines | 列表
SELECT [1, 2] AS x FROM lines | 列表
SELECT string_agg(item, ',') AS x FROM lines | 顺序各引擎不同
SELECT quantile_cont(amount, 0.5) AS x FROM lines | 分位数
SELECT median(amount) AS x FROM lines | 中位数
SELECT any_value(amount) AS x FROM lines | ANY_VALUE
SELECT first(amount) AS x FROM lines | FIRST
SELECT arg_max(amount, line_no) AS x FROM lines | 不在可移植的 SQL 子集内
SELECT dayofweek(day) AS x FROM lines | 星期
SELECT current_date AS x FROM lines | 当前时间
SELECT now() AS x FROM lines | 函数 now
SELECT random() AS x FROM lines | 随机
SELECT concat(item, note) AS x FROM lines | CONCAT
SELECT lower(item) AS x FROM lines | 不在可移植的 SQL 子集内
SELECT visit_no FROM lines WHERE item ILIKE 'a%' | ILIKE
SELECT visit_no FROM lines WHERE item LIKE note | LIKE 的模式
SELECT visit_no FROM lines WHERE item LIKE 'a\\%' | LIKE 的模式
SELECT visit_no FROM lines WHERE item LIKE 'a!%' ESCAPE '!' | ESCAPE
SELECT SUBSTRING(item, 0, 2) AS x FROM lines | 从 1 数起
SELECT SUBSTRING(item, line_no, 2) AS x FROM lines | 从 1 数起
SELECT day + INTERVAL 1 DAY AS x FROM lines | INTERVAL
SELECT day + 1 AS x FROM lines | 算术要用整数，这里是日期
SELECT * EXCLUDE (amount) FROM lines | EXCEPT
SELECT visit_no FROM lines GROUP BY ALL | GROUP BY ALL
SELECT visit_no FROM lines GROUP BY 1 | 不写序号
SELECT visit_no FROM lines GROUP BY ROLLUP (visit_no) | ROLLUP
SELECT DISTINCT ON (visit_no) visit_no, amount FROM lines | DISTINCT ON
SELECT visit_no FROM lines ORDER BY visit_no | NULLS FIRST 或 NULLS LAST
SELECT visit_no FROM lines ORDER BY 1 NULLS LAST | 不写序号
SELECT visit_no, ROW_NUMBER() OVER (ORDER BY visit_no) AS n FROM lines | NULLS FIRST 或 NULLS LAST
SELECT visit_no, ROW_NUMBER() OVER (PARTITION BY visit_no) AS n FROM lines | 要写 ORDER BY
SELECT FIRST_VALUE(amount) OVER (ORDER BY day NULLS LAST) AS x FROM lines | ROWS BETWEEN
SELECT visit_no FROM lines LIMIT 3 | LIMIT 之前要有 ORDER BY
SELECT visit_no FROM lines ORDER BY visit_no NULLS LAST LIMIT 3 OFFSET 2 | OFFSET
SELECT visit_no FROM lines QUALIFY ROW_NUMBER() OVER (ORDER BY day NULLS LAST) = 1 | QUALIFY
SELECT l.visit_no FROM lines l JOIN visits v USING (visit_no) | USING
SELECT l.visit_no FROM lines l NATURAL JOIN visits v | NATURAL
SELECT l.visit_no FROM lines l ASOF JOIN visits v ON l.day >= v.began | ASOF
SELECT l.visit_no FROM lines l, visits v | CROSS JOIN
SELECT l.visit_no FROM lines l RIGHT JOIN visits v ON l.visit_no = v.visit_no | RIGHT JOIN
SELECT l.visit_no FROM lines l SEMI JOIN visits v ON l.visit_no = v.visit_no | SEMI JOIN
WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x + 1 AS x FROM a) SELECT x FROM a | 递归
WITH lines AS (SELECT visit_no FROM visits) SELECT visit_no FROM lines | 同名
SELECT (SELECT MAX(amount) FROM lines) AS x FROM visits | 子查询
SELECT visit_no FROM visits WHERE visit_no NOT IN (SELECT item FROM lines) | NOT EXISTS
SELECT x FROM (SELECT visit_no AS x FROM visits) | 要有名字
SELECT visit_no FROM visits EXCEPT ALL SELECT visit_no FROM lines | EXCEPT ALL
PIVOT lines ON item USING SUM(amount) | SELECT
SELECT visit_no FROM read_parquet('x.parquet') | FROM 后面只能是表名
SELECT visit_no FROM 'x.parquet' | 名字“x.parquet”
SELECT visit_no AS "名称" FROM lines | 名字“名称”
SELECT visit_no FROM main.lines | 不能写库名
SELECT visit_no FROM lines USING SAMPLE 10% | SAMPLE
DELETE FROM lines | SELECT
SELECT 1 AS x FROM lines; SELECT 2 AS x FROM lines | 一条语句
SELECT FROM WHERE | 语法不对
SELECT amount FROM lins | 没有“lins”这张表，是不是“lines”？
SELECT amout FROM lines | 没有“amout”这一列，是不是“amount”？
SELECT l.amout FROM lines l | “l”没有“amout”这一列，是不是“amount”？
SELECT visit_no FROM lines l JOIN visits v ON l.visit_no = v.visit_no | 在 l、v 里都有
SELECT k.amount FROM lines l | 没有“k”这张表
SELECT visit_no FROM visits v WHERE EXISTS (SELECT 1 FROM lines l WHERE l.visit_no = v.visit_nr) | “v”没有“visit_nr”
SELECT amount + 1 FROM lines | 用 AS 起名
SELECT NULL AS x FROM lines | CAST(NULL AS 类型)
SELECT amount, line_no AS amount FROM lines | 用了两次
SELECT visit_no FROM lines WHERE amount | 条件要用是否
SELECT visit_no FROM lines WHERE amount = visit_no | 比较的类型不同
SELECT visit_no FROM lines WHERE day >= '2025-01-01' | 比较的类型不同
SELECT visit_no FROM lines WHERE amount IN (1, 'a') | 比较的类型不同
SELECT CASE WHEN amount > 0 THEN 1 ELSE 'x' END AS x FROM lines | CASE 的各个结果的类型不同
SELECT COALESCE(item, 0) AS x FROM lines | 各个值的类型不同
SELECT item || 1 AS x FROM lines | 要用文字，这里是整数
SELECT visit_no AS x FROM lines UNION ALL SELECT amount AS x FROM lines | 类型不同
SELECT visit_no AS x FROM lines UNION ALL SELECT visit_no AS x, item FROM lines | 列数不同
SELECT DAYS_BETWEEN(began, ended) AS x FROM visits | DAYS_BETWEEN要用日期，这里是日期时间
SELECT DAYS_BETWEEN(day) AS x FROM lines | 应有 2 个参数
SELECT visit_no FROM lines WHERE amount > $least | 没有给出参数 $least
SELECT item, COUNT(*) AS n FROM lines | “item”不在 GROUP BY 里
SELECT item, note || 'x' AS x, COUNT(*) AS n FROM lines GROUP BY item | “note”不在 GROUP BY 里
SELECT item FROM lines GROUP BY item HAVING amount > 1 | “amount”不在 GROUP BY 里
SELECT item, RANK() OVER (ORDER BY amount NULLS LAST) AS n FROM lines GROUP BY item | “amount”不在 GROUP BY 里
SELECT item FROM lines WHERE COUNT(*) > 1 GROUP BY item | 请用 HAVING
SELECT COUNT(DISTINCT visit_no, item) AS x FROM lines | 只能数一列
SELECT IF(amount > 0, 1, 2) AS x FROM lines | CASE WHEN
SELECT MAX(amount, 3) AS x FROM lines | MIN、MAX 只取一列
"""
CASES = [tuple(part.strip() for part in text.rsplit(" | ", 1)) for text in REFUSED.strip().splitlines()]


@pytest.mark.parametrize(("sql", "said"), CASES, ids=[sql for sql, _ in CASES])
def test_refused_with_its_reason(sql: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        check(sql.replace("\\\\", "\\"), SHAPES)
    assert said in error.value.sentence


def test_the_place_is_line_and_column() -> None:
    with pytest.raises(UserError, match=r"“规则\.sql”第 13 行第 9 列：没有“amout”这一列"):
        check("SELECT visit_no,\n  -- 金额\n  note, amout\nFROM lines", SHAPES, name="规则.sql", line=11)


def test_a_parameter_that_is_not_used_is_a_mistake() -> None:
    with pytest.raises(UserError, match="参数 spare 没有用到"):
        check("SELECT amount FROM lines", SHAPES, {"spare": "number"})


@pytest.mark.parametrize("value", [1.5, None, [1]])
def test_values_that_are_no_parameters(value: object) -> None:
    with pytest.raises(UserError, match="不能用"):
        kind_of_value("x", value)


def test_columns_and_kinds_are_known_before_anything_runs() -> None:
    query = check("SELECT v.*, l.amount // 2 AS half FROM visits v JOIN lines l ON v.visit_no = l.visit_no", SHAPES)
    assert list(query.columns.items())[-3:] == [("ended", "time"), ("is_urgent", "flag"), ("half", "number")]
    assert query.tables == {"visits", "lines"}
