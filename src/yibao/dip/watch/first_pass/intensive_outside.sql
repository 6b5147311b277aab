-- name: intensive_outside
-- purpose: 重症监护早于入院日或晚于出院日
-- takes: first_day date, last_day date
SELECT v.visit_id, MIN('进入 ' || CAST(CAST(i.icu_in_time AS DATE) AS VARCHAR)) AS found
FROM visits AS v
JOIN icu_stays AS i ON i.visit_id = v.visit_id
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND (CAST(i.icu_in_time AS DATE) < CAST(v.admission_time AS DATE) OR CAST(COALESCE(i.icu_out_time, i.icu_in_time) AS DATE) > CAST(v.discharge_time AS DATE))
GROUP BY v.visit_id
