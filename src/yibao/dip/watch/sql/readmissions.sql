-- name: readmissions
-- purpose: 出院后若干天内以同一诊断类目再入院（本院或他院）；计划内再住院、转院、死亡、放化疗和透析的周期除外
-- takes: window number
-- given: watched(visit_id text, person_no text, provider_code text, category text, discharged time, is_open flag)
WITH principals AS (
    SELECT d.visit_id, MIN(d.diagnosis_code) AS code
    FROM visit_diagnoses AS d
    WHERE d.is_principal_diagnosis AND d.diagnosis_kind = 'western'
    GROUP BY d.visit_id),
cycles AS (
    SELECT p.visit_id FROM principals AS p WHERE p.code LIKE 'Z51%' OR p.code LIKE 'Z49%'
    UNION
    SELECT o.visit_id FROM visit_operations AS o
    WHERE o.operation_code LIKE '99.25%' OR o.operation_code LIKE '92.2%' OR o.operation_code LIKE '39.95%' OR o.operation_code LIKE '54.98%'),
again AS (
    SELECT w.visit_id, v.visit_id AS next_visit, v.provider_code = w.provider_code AS is_same,
        DAYS_BETWEEN(CAST(w.discharged AS DATE), CAST(v.admission_time AS DATE)) AS gap,
        ROW_NUMBER() OVER (PARTITION BY w.visit_id ORDER BY v.admission_time ASC NULLS LAST, v.visit_id ASC NULLS LAST) AS place
    FROM watched AS w
    JOIN visits AS v ON v.person_no = w.person_no
    JOIN principals AS p ON p.visit_id = v.visit_id
    WHERE w.is_open AND v.visit_id <> w.visit_id AND v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND v.admission_time >= w.discharged AND CAST(v.admission_time AS DATE) <= DAY_PLUS(CAST(w.discharged AS DATE), $window)
        AND SUBSTRING(p.code, 1, 3) = w.category)
SELECT a.visit_id, a.next_visit, a.is_same, a.gap
FROM again AS a
LEFT JOIN cycles AS c ON c.visit_id = a.visit_id
LEFT JOIN cycles AS n ON n.visit_id = a.next_visit
WHERE a.place = 1 AND (c.visit_id IS NULL OR n.visit_id IS NULL)
ORDER BY a.visit_id ASC NULLS LAST
