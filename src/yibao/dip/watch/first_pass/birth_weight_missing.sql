-- name: birth_weight_missing
-- purpose: 诊断里有 P07 而没有新生儿出生体重
-- takes: first_day date, last_day date
SELECT v.visit_id, MIN(d.diagnosis_code) || '，没有出生体重' AS found
FROM visits AS v
JOIN visit_diagnoses AS d ON d.visit_id = v.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND d.diagnosis_code LIKE 'P07%' AND v.newborn_birth_weight_g IS NULL
GROUP BY v.visit_id
