-- name: results
-- purpose: 一个年度结算的病例的分组和点数，自算的（own）或市里的（city），一行一次住院；表里没有费用的不用
-- takes: year number, whose text
WITH whoever AS (
    SELECT 'own' AS basis, o.visit_id, o.settlement_time, o.provider_code, o.insurance_type, o.dip_group_code, o.base_score, o.deviation_band,
        o.dip_points, o.total_fee, o.booked_pay
    FROM computed_dip_cases AS o
    UNION ALL
    SELECT 'city' AS basis, c.visit_id, c.settlement_time, c.provider_code, c.insurance_type, c.dip_group_code, c.base_score, c.deviation_band,
        c.dip_points, c.total_fee, c.booked_pay
    FROM dip_results AS c)
SELECT r.visit_id, MIN(r.provider_code) AS provider_code, MIN(r.insurance_type) AS insurance_type, MIN(r.dip_group_code) AS dip_group_code,
    MAX(r.base_score) AS base_score, MAX(r.deviation_band) AS deviation_band, CAST(SUM(r.dip_points) AS BIGINT) AS dip_points,
    CAST(SUM(r.total_fee) AS BIGINT) AS total_fee, CAST(SUM(r.booked_pay) AS BIGINT) AS booked_pay
FROM whoever AS r
WHERE r.basis = $whose AND YEAR(r.settlement_time) = $year AND r.visit_id IS NOT NULL AND r.total_fee IS NOT NULL AND r.booked_pay IS NOT NULL
GROUP BY r.visit_id
ORDER BY r.visit_id ASC NULLS LAST
