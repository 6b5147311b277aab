-- name: components
-- purpose: 一个年度出院的住院，费用明细里的治疗费、药品（西药、中药饮片、中成药）、耗材和合计；合计与结算总费用相同的才用
-- takes: first_day date, last_day date
SELECT f.visit_id, CAST(SUM(f.line_amount) AS BIGINT) AS total,
    CAST(SUM(CASE WHEN f.charge_category = '05' THEN f.line_amount ELSE 0 END) AS BIGINT) AS treatment,
    CAST(SUM(CASE WHEN f.charge_category IN ('09', '10', '11') THEN f.line_amount ELSE 0 END) AS BIGINT) AS drug,
    CAST(SUM(CASE WHEN f.charge_category = '08' THEN f.line_amount ELSE 0 END) AS BIGINT) AS material
FROM fee_lines AS f
JOIN visits AS v ON v.visit_id = f.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
    AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
GROUP BY f.visit_id
