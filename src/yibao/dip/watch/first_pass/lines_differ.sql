-- name: lines_differ
-- purpose: 各次有效结算的医疗费总额之和不等于费用明细之和
-- takes: first_day date, last_day date
WITH totals AS (
    SELECT s.visit_id, CAST(SUM(s.total_fee) AS BIGINT) AS total
    FROM settlements AS s
    WHERE s.is_valid
    GROUP BY s.visit_id),
lines AS (
    SELECT f.visit_id, CAST(SUM(f.line_amount) AS BIGINT) AS total
    FROM fee_lines AS f
    GROUP BY f.visit_id)
SELECT v.visit_id, '相差 ' || CAST(ABS(t.total - l.total) AS VARCHAR) || ' 分' AS found
FROM visits AS v
JOIN totals AS t ON t.visit_id = v.visit_id
JOIN lines AS l ON l.visit_id = v.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND t.total <> l.total
