-- name: operation_outside
-- purpose: 手术操作日期早于入院日或晚于出院日
-- takes: first_day date, last_day date
SELECT v.visit_id, MIN(o.operation_code || ' ' || CAST(CAST(o.operation_time AS DATE) AS VARCHAR)) AS found
FROM visits AS v
JOIN visit_operations AS o ON o.visit_id = v.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND (CAST(o.operation_time AS DATE) < CAST(v.admission_time AS DATE) OR CAST(o.operation_time AS DATE) > CAST(v.discharge_time AS DATE))
GROUP BY v.visit_id
