-- name: ages
-- purpose: 某日有效参保的人：险种、人员类别、周岁（每种关系一人一次）
-- takes: on_day date, year number, month number, day number
WITH insured AS (
    SELECT DISTINCT e.insurance_type, CASE WHEN e.insurance_type = '310' THEN e.person_category ELSE '' END AS category, p.person_no, p.birth_date
    FROM enrolments AS e
    JOIN persons AS p ON p.person_no = e.person_no
    WHERE e.insurance_type IN ('310', '390') AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $on_day AND p.birth_date <= $on_day
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on_day) AND (p.death_date IS NULL OR p.death_date > $on_day)
), aged AS (
    SELECT insurance_type, category, $year - YEAR(birth_date)
        - CASE WHEN MONTH(birth_date) > $month OR (MONTH(birth_date) = $month AND DAY(birth_date) > $day) THEN 1 ELSE 0 END AS age
    FROM insured
)
SELECT insurance_type, category, age, COUNT(*) AS people
FROM aged
GROUP BY insurance_type, category, age
ORDER BY insurance_type NULLS LAST, category NULLS LAST, age NULLS LAST
