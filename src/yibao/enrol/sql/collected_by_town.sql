-- name: collected_by_town
-- purpose: 居民一个待遇年度到某日的征缴：上年度参保（仍健在）人数、已缴、资助、金额，和上年同日
-- takes: year number, on_day date, year_before number, day_before date
WITH paid AS (
    SELECT c.person_no, c.benefit_year, MIN(c.paid_date) AS paid_date, CAST(SUM(c.person_amount) AS BIGINT) AS person_amount,
        CAST(SUM(c.subsidy_amount) AS BIGINT) AS subsidy_amount
    FROM contributions AS c
    WHERE c.insurance_type = '390' AND c.benefit_year IN ($year, $year_before) AND c.paid_date <= $on_day
    GROUP BY c.person_no, c.benefit_year
    HAVING CAST(SUM(c.person_amount + c.subsidy_amount) AS BIGINT) > 0
), people AS (
    SELECT p.person_no, p.death_date, SUBSTRING(COALESCE(p.living_area_code, p.residence_area_code), 1, 9) AS town
    FROM persons AS p
), wide AS (
    SELECT q.town, q.person_no, MAX(CASE WHEN q.death_date IS NULL OR q.death_date > $on_day THEN 1 ELSE 0 END) AS lives,
        MAX(CASE WHEN d.benefit_year = $year THEN 1 ELSE 0 END) AS paid, MAX(CASE WHEN d.benefit_year = $year_before THEN 1 ELSE 0 END) AS before,
        MAX(CASE WHEN d.benefit_year = $year_before AND d.paid_date <= $day_before THEN 1 ELSE 0 END) AS paid_before,
        CAST(SUM(CASE WHEN d.benefit_year = $year THEN d.person_amount ELSE 0 END) AS BIGINT) AS person_amount,
        CAST(SUM(CASE WHEN d.benefit_year = $year THEN d.subsidy_amount ELSE 0 END) AS BIGINT) AS subsidy_amount
    FROM paid AS d
    JOIN people AS q ON q.person_no = d.person_no
    GROUP BY q.town, q.person_no
)
SELECT w.town, MIN(a.area_name) AS town_name, CAST(SUM(w.before * w.lives) AS BIGINT) AS expected, CAST(SUM(w.paid) AS BIGINT) AS paid,
    CAST(SUM(w.before * w.lives * w.paid) AS BIGINT) AS again, CAST(SUM(w.paid_before) AS BIGINT) AS paid_before,
    CAST(SUM(CASE WHEN w.subsidy_amount > 0 THEN 1 ELSE 0 END) AS BIGINT) AS aided,
    CAST(SUM(w.person_amount) AS BIGINT) AS person_amount, CAST(SUM(w.subsidy_amount) AS BIGINT) AS subsidy_amount
FROM wide AS w
LEFT JOIN areas AS a ON a.area_code = w.town
GROUP BY w.town
ORDER BY w.town NULLS LAST
