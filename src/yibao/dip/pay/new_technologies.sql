-- name: new_technologies
-- purpose: 做了新技术目录里手术操作的住院：出院当日目录有效，目录写明机构的只限那家机构；同一项新技术做几次只算一次
SELECT v.visit_id, t.technology_no, MAX(t.bonus_points) AS bonus_points, MAX(t.bonus_share) AS bonus_share
FROM dip_new_technologies AS t
JOIN visit_operations AS o ON o.operation_code = t.operation_code
JOIN visits AS v ON v.visit_id = o.visit_id
WHERE v.discharge_time IS NOT NULL AND t.valid_from <= CAST(v.discharge_time AS DATE)
    AND COALESCE(t.valid_to, CAST(v.discharge_time AS DATE)) >= CAST(v.discharge_time AS DATE)
    AND COALESCE(t.provider_code, v.provider_code) = v.provider_code
GROUP BY v.visit_id, t.technology_no
ORDER BY v.visit_id NULLS LAST, t.technology_no NULLS LAST
