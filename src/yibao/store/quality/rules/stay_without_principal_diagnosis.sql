-- name: stay_without_principal_diagnosis
-- purpose: 出院病例没有主诊断
SELECT v.visit_id, v.person_no, v.provider_code, v.discharge_time
FROM visits AS v
WHERE v.discharge_time IS NOT NULL AND v.care_type IN ('21', '22', '23', '24', '52', '92') AND NOT EXISTS (
    SELECT 1 AS one FROM visit_diagnoses AS d WHERE d.visit_id = v.visit_id AND d.is_principal_diagnosis)
