-- name: no_settlement
-- purpose: 出院后没有有效的结算
-- takes: first_day date, last_day date
SELECT v.visit_id, '没有结算' AS found
FROM visits AS v
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND NOT EXISTS (SELECT s.settlement_id FROM settlements AS s WHERE s.visit_id = v.visit_id AND s.is_valid)
