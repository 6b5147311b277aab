-- name: principal_names
-- purpose: 每个病种的病例里各主要诊断名称的次数，给目录里没有名称的病种用
-- given: watched(visit_id text, dip_group_code text)
SELECT w.dip_group_code, d.diagnosis_name, COUNT(*) AS times
FROM watched AS w
JOIN visit_diagnoses AS d ON d.visit_id = w.visit_id
WHERE d.is_principal_diagnosis AND d.diagnosis_kind = 'western' AND d.diagnosis_name IS NOT NULL AND w.dip_group_code IS NOT NULL
GROUP BY w.dip_group_code, d.diagnosis_name
ORDER BY w.dip_group_code ASC NULLS LAST, times DESC NULLS LAST, d.diagnosis_name ASC NULLS LAST
