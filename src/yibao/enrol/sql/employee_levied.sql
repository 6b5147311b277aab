-- name: employee_levied
-- purpose: 职工一个费款所属期的缴费（逐人合计到账），连同是否灵活就业
-- takes: month number, known_on date
WITH paid AS (
    SELECT person_no, MIN(employer_code) AS employer_code, MAX(contribution_base) AS base, CAST(SUM(employer_amount) AS BIGINT) AS employer_amount,
        CAST(SUM(person_amount) AS BIGINT) AS person_amount, MAX(paid_date) AS paid_date
    FROM contributions
    WHERE insurance_type = '310' AND contribution_month = $month AND paid_date <= $known_on
    GROUP BY person_no
)
SELECT p.person_no, p.employer_code, p.base, p.employer_amount, p.person_amount, p.paid_date
FROM paid AS p
WHERE p.base IS NOT NULL
ORDER BY p.person_no NULLS LAST
