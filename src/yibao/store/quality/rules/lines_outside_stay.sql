-- name: lines_outside_stay
-- purpose: 费用发生在住院时间之外
SELECT l.fee_line_no, l.visit_id, l.provider_code, l.service_time, v.admission_time, v.discharge_time, l.line_amount
FROM fee_lines AS l
JOIN visits AS v ON v.visit_id = l.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
    AND (CAST(l.service_time AS DATE) < CAST(v.admission_time AS DATE)
        OR (v.discharge_time IS NOT NULL AND CAST(l.service_time AS DATE) > CAST(v.discharge_time AS DATE)))
