-- name: service_after_death
-- purpose: 死亡之后就诊
SELECT v.visit_id, v.person_no, v.provider_code, v.admission_time, p.death_date
FROM visits AS v
JOIN persons AS p ON p.person_no = v.person_no
WHERE p.death_date IS NOT NULL AND CAST(v.admission_time AS DATE) > p.death_date
