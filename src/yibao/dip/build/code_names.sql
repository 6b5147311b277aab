-- name: code_names
-- purpose: 住院清单上每个主要诊断、手术操作编码的名称和次数，给病种起名用
-- takes: first_day date, last_day date
SELECT 'diagnosis' AS side, d.diagnosis_code AS code, d.diagnosis_name AS said, COUNT(*) AS times
FROM visit_diagnoses AS d
JOIN visits AS v ON v.visit_id = d.visit_id
WHERE d.is_principal_diagnosis AND d.diagnosis_name IS NOT NULL
    AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
GROUP BY d.diagnosis_code, d.diagnosis_name
UNION ALL
SELECT 'operation' AS side, o.operation_code AS code, o.operation_name AS said, COUNT(*) AS times
FROM visit_operations AS o
JOIN visits AS v ON v.visit_id = o.visit_id
WHERE o.operation_name IS NOT NULL
    AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
GROUP BY o.operation_code, o.operation_name
