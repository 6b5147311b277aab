-- name: born_after_admission
-- purpose: 入院早于出生
-- takes: first_day date, last_day date
SELECT v.visit_id, '出生 ' || CAST(p.birth_date AS VARCHAR) || '，入院 ' || CAST(CAST(v.admission_time AS DATE) AS VARCHAR) AS found
FROM visits AS v
JOIN persons AS p ON p.person_no = v.person_no
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND CAST(v.admission_time AS DATE) < p.birth_date
