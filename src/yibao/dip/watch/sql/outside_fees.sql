-- name: outside_fees
-- purpose: 同一个人在住院前后若干天内的门诊和购药费用，一行一次住院
-- takes: window number
-- given: watched(visit_id text, person_no text, admitted date, discharged date)
WITH near AS (
    SELECT w.visit_id, v.visit_id AS other_visit
    FROM watched AS w
    JOIN visits AS v ON v.person_no = w.person_no
    WHERE v.care_type IN ('11', '12', '13', '41', '91', '93')
        AND ((CAST(v.admission_time AS DATE) >= DAY_PLUS(w.admitted, -$window) AND CAST(v.admission_time AS DATE) < w.admitted)
             OR (CAST(v.admission_time AS DATE) > w.discharged AND CAST(v.admission_time AS DATE) <= DAY_PLUS(w.discharged, $window))
             OR (CAST(v.admission_time AS DATE) >= w.admitted AND CAST(v.admission_time AS DATE) <= w.discharged)))
SELECT n.visit_id, CAST(SUM(s.total_fee) AS BIGINT) AS amount
FROM near AS n
JOIN settlements AS s ON s.visit_id = n.other_visit
WHERE s.is_valid
GROUP BY n.visit_id
ORDER BY n.visit_id ASC NULLS LAST
