-- name: results_city
-- purpose: 一个年度结算的病例，市里的分组和点数，一行一次住院；表里没有费用或偏差类型的不用
-- takes: year number
SELECT r.visit_id, MIN(r.provider_code) AS provider_code, MIN(r.insurance_type) AS insurance_type, MIN(r.dip_group_code) AS dip_group_code,
    MAX(r.base_score) AS base_score, MAX(r.deviation_band) AS deviation_band, CAST(SUM(r.dip_points) AS BIGINT) AS dip_points,
    CAST(SUM(r.total_fee) AS BIGINT) AS total_fee, CAST(SUM(r.booked_pay) AS BIGINT) AS booked_pay
FROM dip_results AS r
WHERE YEAR(r.settlement_time) = $year AND r.visit_id IS NOT NULL AND r.total_fee IS NOT NULL AND r.booked_pay IS NOT NULL
    AND r.deviation_band IS NOT NULL
GROUP BY r.visit_id
ORDER BY r.visit_id ASC NULLS LAST
