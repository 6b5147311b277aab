-- name: diagnosis_repeated
-- purpose: 一次住院里同一个诊断编码写了几次
-- takes: first_day date, last_day date
WITH repeated AS (
    SELECT d.visit_id, d.diagnosis_code, COUNT(*) AS n
    FROM visit_diagnoses AS d
    WHERE d.diagnosis_kind = 'western'
    GROUP BY d.visit_id, d.diagnosis_code
    HAVING COUNT(*) > 1)
SELECT v.visit_id, MIN(r.diagnosis_code || ' ' || CAST(r.n AS VARCHAR) || ' 次') AS found
FROM visits AS v
JOIN repeated AS r ON r.visit_id = v.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
GROUP BY v.visit_id
