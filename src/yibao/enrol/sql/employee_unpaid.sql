-- name: employee_unpaid
-- purpose: 整月有职工参保关系（在职）而没有这个月缴费的人
-- takes: month number, first_day date, last_day date, known_on date
WITH paid AS (SELECT DISTINCT person_no FROM contributions WHERE insurance_type = '310' AND contribution_month = $month AND paid_date <= $known_on)
SELECT e.person_no, MIN(e.employer_code) AS employer_code, MIN(CASE WHEN e.is_flexible_employment THEN 1 ELSE 0 END) AS flexible
FROM enrolments AS e
WHERE e.insurance_type = '310' AND e.person_category = '11' AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $first_day
    AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $last_day)
    AND NOT EXISTS (SELECT 1 AS one FROM paid AS p WHERE p.person_no = e.person_no)
GROUP BY e.person_no
ORDER BY e.person_no NULLS LAST
