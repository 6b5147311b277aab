-- name: sex_contradicts
-- purpose: 主要诊断只见于另一种性别：女性 C51–C58、N70–N98、O00–O99、Q50–Q52，男性 C60–C63、N40–N51、Q53–Q55
-- takes: first_day date, last_day date
WITH principals AS (
    SELECT d.visit_id, d.diagnosis_code, SUBSTRING(d.diagnosis_code, 1, 3) AS category
    FROM visit_diagnoses AS d
    WHERE d.is_principal_diagnosis AND d.diagnosis_kind = 'western')
SELECT v.visit_id, d.diagnosis_code || '，性别' || CASE WHEN p.sex_code = '1' THEN '男' ELSE '女' END AS found
FROM visits AS v
JOIN principals AS d ON d.visit_id = v.visit_id
JOIN persons AS p ON p.person_no = v.person_no
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND ((p.sex_code = '1' AND (d.category BETWEEN 'C51' AND 'C58' OR d.category BETWEEN 'N70' AND 'N98' OR d.category BETWEEN 'O00' AND 'O99' OR d.category BETWEEN 'Q50' AND 'Q52'))
         OR (p.sex_code = '2' AND (d.category BETWEEN 'C60' AND 'C63' OR d.category BETWEEN 'N40' AND 'N51' OR d.category BETWEEN 'Q53' AND 'Q55')))
