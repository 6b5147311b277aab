-- name: stays_overlap
-- purpose: 住院时间重叠
WITH stays AS (
    SELECT person_no, visit_id, provider_code, admission_time, discharge_time
    FROM visits
    WHERE care_type IN ('21', '22', '23', '24', '52', '92') AND discharge_time IS NOT NULL
)
SELECT a.person_no, a.visit_id AS first_visit_id, b.visit_id AS second_visit_id, a.provider_code AS first_provider_code,
    b.provider_code AS second_provider_code, b.admission_time AS second_admission, a.discharge_time AS first_discharge
FROM stays AS a
JOIN stays AS b ON a.person_no = b.person_no
    AND (a.admission_time < b.admission_time OR (a.admission_time = b.admission_time AND a.visit_id < b.visit_id))
WHERE CAST(b.admission_time AS DATE) < CAST(a.discharge_time AS DATE)
