-- name: operation_uncoded
-- purpose: 收了手术费（06）而没有一个手术操作编码
-- takes: first_day date, last_day date
WITH billed AS (
    SELECT f.visit_id, CAST(SUM(f.line_amount) AS BIGINT) AS amount
    FROM fee_lines AS f
    WHERE f.charge_category = '06'
    GROUP BY f.visit_id)
SELECT v.visit_id, '手术费 ' || CAST(GREATEST(b.amount, 0) // 100 AS VARCHAR) || ' 元' AS found
FROM visits AS v
JOIN billed AS b ON b.visit_id = v.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND b.amount > 0 AND NOT EXISTS (SELECT o.operation_code FROM visit_operations AS o WHERE o.visit_id = v.visit_id)
