-- name: operation_unbilled
-- purpose: 有主要手术操作编码，有费用明细，而没有手术费、治疗费、检查费（03、05、06）
-- takes: first_day date, last_day date
WITH billed AS (
    SELECT f.visit_id, CAST(SUM(CASE WHEN f.charge_category IN ('03', '05', '06') THEN f.line_amount ELSE 0 END) AS BIGINT) AS amount
    FROM fee_lines AS f
    GROUP BY f.visit_id)
SELECT v.visit_id, MIN(o.operation_code) || '，没有手术、治疗、检查费' AS found
FROM visits AS v
JOIN billed AS b ON b.visit_id = v.visit_id
JOIN visit_operations AS o ON o.visit_id = v.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND o.operation_role = 'main' AND b.amount <= 0
GROUP BY v.visit_id
