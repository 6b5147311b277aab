-- name: newborn_contradicts
-- purpose: 主要诊断是围生期类目（P00–P96），而入院时已满 29 天
-- takes: first_day date, last_day date
SELECT v.visit_id, d.diagnosis_code || '，入院时 ' || CAST(DAYS_BETWEEN(p.birth_date, CAST(v.admission_time AS DATE)) AS VARCHAR) || ' 天' AS found
FROM visits AS v
JOIN visit_diagnoses AS d ON d.visit_id = v.visit_id
JOIN persons AS p ON p.person_no = v.person_no
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND d.is_principal_diagnosis AND d.diagnosis_kind = 'western' AND d.diagnosis_code LIKE 'P%'
    AND DAYS_BETWEEN(p.birth_date, CAST(v.admission_time AS DATE)) >= 29
