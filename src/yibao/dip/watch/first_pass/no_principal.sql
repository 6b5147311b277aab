-- name: no_principal
-- purpose: 没有主要诊断，或不止一个
-- takes: first_day date, last_day date
WITH principals AS (
    SELECT d.visit_id, COUNT(*) AS n
    FROM visit_diagnoses AS d
    WHERE d.is_principal_diagnosis AND d.diagnosis_kind = 'western'
    GROUP BY d.visit_id)
SELECT v.visit_id, CASE WHEN p.n IS NULL THEN '没有主要诊断' ELSE '主要诊断 ' || CAST(p.n AS VARCHAR) || ' 个' END AS found
FROM visits AS v
LEFT JOIN principals AS p ON p.visit_id = v.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND COALESCE(p.n, 0) <> 1
