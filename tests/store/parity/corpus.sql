-- The portable subset, exercised: each text runs on DuckDB and on Spark and must give equal rows.
-- A text is its title in a comment, and SQL up to the semicolon. Without an ORDER BY the rows are compared as a set.

-- arithmetic of whole numbers
SELECT visit_no, line_no, amount + 1 AS a, amount - quantity AS b, line_no * 3 AS c, -amount AS d, ABS(amount) AS e FROM lines;

-- division of magnitudes
SELECT visit_no, line_no, ABS(amount) // 3 AS third, ABS(amount) % 7 AS rest, 100 // line_no AS share FROM lines;

-- half-up rounding in whole numbers, with the sign put back
SELECT visit_no, line_no, CASE WHEN amount < 0 THEN -((2 * -amount * 7 + 10) // 20) ELSE (2 * amount * 7 + 10) // 20 END AS part FROM lines WHERE amount < 1000000;

-- sums that a double would lose a fen of
SELECT visit_no, CAST(SUM(amount) AS BIGINT) AS total, COUNT(*) AS n, COUNT(quantity) AS m, MIN(amount) AS least, MAX(amount) AS most FROM lines GROUP BY visit_no;

-- aggregates over nothing
SELECT CAST(SUM(amount) AS BIGINT) AS total, COUNT(*) AS n, MAX(day) AS last FROM lines WHERE line_no > 99;

-- aggregates with filters
SELECT COUNT(*) FILTER (WHERE amount < 0) AS refunds, COALESCE(CAST(SUM(amount) FILTER (WHERE item = 'nope') AS BIGINT), 0) AS none, COUNT(DISTINCT item) AS items FROM lines;

-- flags in aggregates
SELECT person, BOOL_OR(is_urgent) AS any_urgent, BOOL_AND(is_urgent) AS all_urgent FROM visits GROUP BY person;

-- group by an expression, having
SELECT YEAR(day) * 100 + MONTH(day) AS month, COUNT(*) AS n FROM lines GROUP BY YEAR(day) * 100 + MONTH(day) HAVING COUNT(*) > 1;

-- nulls in groups and their order
SELECT item, COUNT(*) AS n FROM lines GROUP BY item ORDER BY item NULLS FIRST;

-- nulls last, downwards
SELECT hospital, visit_no FROM visits ORDER BY hospital DESC NULLS LAST, visit_no NULLS LAST;

-- nulls first, downwards, then a limit
SELECT hospital, visit_no FROM visits ORDER BY hospital DESC NULLS FIRST, visit_no DESC NULLS LAST LIMIT 3;

-- text sorts by its bytes
SELECT item FROM lines WHERE item IS NOT NULL GROUP BY item ORDER BY item NULLS LAST;

-- null logic
SELECT visit_no, is_urgent AND hospital = 'H1' AS a, is_urgent OR hospital = 'H1' AS b, NOT is_urgent AS c, hospital = 'H2' AS d, is_urgent IS TRUE AS e, is_urgent IS NOT FALSE AS f, hospital IS NULL AS g FROM visits;

-- nulls that compare
SELECT a.visit_no, b.visit_no AS other FROM visits a JOIN visits b ON a.hospital IS NOT DISTINCT FROM b.hospital;

-- nulls in IN, BETWEEN and CASE
SELECT visit_no, item IN ('A01', 'A02') AS a, quantity BETWEEN 0 AND 10000 AS b, CASE item WHEN 'A01' THEN 1 WHEN 'A02' THEN 2 END AS c, NOT item IN ('A01') AS d FROM lines;

-- coalesce, nullif, greatest, least
SELECT visit_no, COALESCE(item, 'none') AS a, NULLIF(note, '') AS b, GREATEST(amount, quantity) AS c, LEAST(amount, quantity, 5) AS d, COALESCE(quantity, 0) AS e FROM lines;

-- text: parts, lengths in characters, joining with null
SELECT visit_no, line_no, note || '|' || item AS a, LENGTH(note) AS b, SUBSTRING(item, 1, 1) AS c, SUBSTRING(note, 2, 99) AS d, TRIM(note) AS e, item || '' AS f FROM lines;

-- LIKE knows case, percent and underscore
SELECT visit_no, item LIKE 'A%' AS a, item LIKE '_01' AS b, note LIKE '50%a' AS c, NOT note LIKE '%退%' AS d, STARTS_WITH(item, '医') AS e FROM lines;

-- quotes and signs in text
SELECT 'it''s 100% \ "x" ——' AS a, visit_no FROM visits WHERE person <> '甲''乙';

-- dates: parts, distances, steps
SELECT visit_no, YEAR(day) AS y, MONTH(day) AS m, DAY(day) AS d, DAYS_BETWEEN(DATE '2025-01-31', day) AS since, DAYS_BETWEEN(day, DATE '2025-01-31') AS until, DAY_PLUS(day, 30) AS later, DAY_PLUS(day, 0 - line_no) AS earlier FROM lines;

-- days as whole numbers, weekdays
SELECT visit_no, line_no, DAYS_BETWEEN(DATE '1970-01-05', day) % 7 AS weekday FROM lines;

-- times: seconds, hours, the day of a time
SELECT visit_no, SECONDS_BETWEEN(began, ended) AS stay, SECONDS_BETWEEN(ended, began) AS back, HOUR(began) AS h, MINUTE(began) AS mi, CAST(began AS DATE) AS d, CAST(CAST(began AS DATE) AS TIMESTAMP) AS midnight FROM visits;

-- times compared with dates and times
SELECT visit_no FROM visits WHERE began >= DATE '2025-01-31' AND began < TIMESTAMP '2025-02-01 00:00:01';

-- casts that mean the same
SELECT visit_no, CAST(amount AS VARCHAR) AS a, CAST(day AS VARCHAR) AS b, CAST(line_no = 1 AS BIGINT) AS c, CAST(NULL AS DATE) AS d, CAST(NULL AS VARCHAR) AS e, CAST(NULL AS TIMESTAMP) AS f FROM lines;

-- inner join with arithmetic in ON
SELECT v.visit_no, l.line_no FROM visits v JOIN lines l ON v.visit_no = l.visit_no AND l.day >= CAST(v.began AS DATE);

-- left join and what has no partner
SELECT l.visit_no, l.line_no, v.person FROM lines l LEFT JOIN visits v ON l.visit_no = v.visit_no WHERE v.visit_no IS NULL;

-- full join
SELECT v.visit_no, l.line_no FROM visits v FULL JOIN lines l ON v.visit_no = l.visit_no;

-- cross join
SELECT a.visit_no, b.visit_no AS other FROM visits a CROSS JOIN visits b WHERE a.visit_no < b.visit_no;

-- range join: a stay that begins within 7 days after another
SELECT a.visit_no, b.visit_no AS again FROM visits a JOIN visits b ON a.person = b.person AND b.began > a.ended AND DAYS_BETWEEN(CAST(a.ended AS DATE), CAST(b.began AS DATE)) <= 7;

-- exists and not exists
SELECT visit_no FROM visits v WHERE EXISTS (SELECT 1 AS one FROM lines l WHERE l.visit_no = v.visit_no AND l.amount < 0) OR NOT EXISTS (SELECT 1 AS one FROM lines l WHERE l.visit_no = v.visit_no);

-- in a query
SELECT visit_no FROM visits WHERE visit_no IN (SELECT visit_no FROM lines WHERE amount > 500);

-- with, derived tables, stars
WITH totals AS (SELECT visit_no, CAST(SUM(amount) AS BIGINT) AS total FROM lines GROUP BY visit_no), named AS (SELECT t.*, v.person FROM totals t JOIN visits v ON t.visit_no = v.visit_no) SELECT n.*, d.days FROM named n LEFT JOIN (SELECT visit_no, COUNT(DISTINCT day) AS days FROM lines GROUP BY visit_no) AS d ON d.visit_no = n.visit_no;

-- distinct rows
SELECT DISTINCT item, note FROM lines;

-- union all, union
SELECT visit_no AS x FROM visits UNION ALL SELECT visit_no AS x FROM lines UNION ALL SELECT item AS x FROM lines;

-- union without twins
SELECT item AS x FROM lines UNION SELECT hospital AS x FROM visits;

-- except and intersect
SELECT visit_no FROM lines EXCEPT SELECT visit_no FROM visits;

-- intersect
SELECT visit_no FROM lines INTERSECT SELECT visit_no FROM visits ORDER BY visit_no NULLS LAST;

-- ranks
SELECT visit_no, line_no, ROW_NUMBER() OVER (ORDER BY amount NULLS LAST, visit_no NULLS LAST, line_no NULLS LAST) AS n, RANK() OVER (ORDER BY item NULLS FIRST) AS r, DENSE_RANK() OVER (ORDER BY item DESC NULLS LAST) AS d FROM lines;

-- rows before and after
SELECT visit_no, line_no, LAG(amount, 1, 0) OVER (PARTITION BY visit_no ORDER BY line_no NULLS LAST) AS before, LEAD(day) OVER (PARTITION BY visit_no ORDER BY line_no NULLS LAST) AS after FROM lines;

-- running sums
SELECT visit_no, line_no, CAST(SUM(amount) OVER (PARTITION BY visit_no ORDER BY line_no NULLS LAST) AS BIGINT) AS running, CAST(SUM(amount) OVER (PARTITION BY visit_no) AS BIGINT) AS whole, COUNT(*) OVER (ORDER BY day NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) >= 1 AS counted FROM lines;

-- the last 31 days of each day, days as whole numbers
SELECT visit_no, line_no, CAST(SUM(amount) OVER (ORDER BY DAYS_BETWEEN(DATE '2020-01-01', day) NULLS LAST RANGE BETWEEN 30 PRECEDING AND CURRENT ROW) AS BIGINT) AS month FROM lines WHERE amount < 1000000;

-- windows with frames
SELECT visit_no, line_no, FIRST_VALUE(item) OVER (PARTITION BY visit_no ORDER BY line_no NULLS LAST ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS first, LAST_VALUE(item) OVER (PARTITION BY visit_no ORDER BY line_no NULLS LAST ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS last, MAX(amount) OVER (PARTITION BY visit_no ORDER BY line_no DESC NULLS LAST ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS most FROM lines;

-- a window over a group
SELECT item, CAST(SUM(amount) AS BIGINT) AS total, RANK() OVER (ORDER BY CAST(SUM(amount) AS BIGINT) DESC NULLS LAST, item NULLS LAST) AS place FROM lines GROUP BY item;

-- a name for a result used again
SELECT amount * 2 AS twice, twice + 1 AS more FROM lines WHERE amount < 1000 ORDER BY more NULLS LAST, twice NULLS LAST LIMIT 4;

-- a condition on a literal row
SELECT visit_no, 1 AS one, 'x' AS letter, TRUE AS yes, DATE '2025-02-28' AS day FROM visits WHERE 1 = 1;

-- what a function gives has 64 bits
SELECT visit_no, line_no, YEAR(day) * 100000000 + MONTH(day) * 1000000000 AS a, LENGTH(note) * 2000000000 AS b, ROW_NUMBER() OVER (ORDER BY visit_no NULLS LAST, line_no NULLS LAST) * 1000000000 AS c, DAYS_BETWEEN(DATE '1900-01-01', day) * 100000000 AS d FROM lines;
