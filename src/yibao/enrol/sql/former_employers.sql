-- name: former_employers
-- purpose: 各单位的在职、退休人数，缴费和职工医保基金支付（退休人员另列）
-- takes: year number, on_day date, known_on date
WITH belongs AS (
    SELECT e.person_no, MAX(e.employer_code) AS employer_code, MAX(CASE WHEN e.person_category = '12' THEN 1 ELSE 0 END) AS retired
    FROM enrolments AS e
    JOIN persons AS p ON p.person_no = e.person_no
    WHERE e.insurance_type = '310' AND e.enrolment_status <> '0' AND e.employer_code IS NOT NULL AND e.enrolment_start_date <= $on_day
    GROUP BY e.person_no
), spent AS (
    SELECT person_no, CAST(SUM(fund_pay_total) AS BIGINT) AS funds, CAST(SUM(pool_fund_pay) AS BIGINT) AS pool
    FROM settlements
    WHERE insurance_type = '310' AND is_valid AND benefit_year = $year AND CAST(settlement_time AS DATE) <= $known_on
    GROUP BY person_no
), paid AS (
    SELECT person_no, CAST(SUM(employer_amount + person_amount) AS BIGINT) AS paid
    FROM contributions
    WHERE insurance_type = '310' AND benefit_year = $year AND paid_date <= $known_on
    GROUP BY person_no
)
SELECT m.employer_code, m.employer_name, m.is_closed_enterprise, COUNT(*) FILTER (WHERE b.retired = 0) AS working, COUNT(*) FILTER (WHERE b.retired = 1) AS retired,
    CAST(SUM(COALESCE(d.paid, 0)) AS BIGINT) AS paid, CAST(SUM(COALESCE(s.funds, 0)) AS BIGINT) AS funds,
    CAST(SUM(CASE WHEN b.retired = 1 THEN COALESCE(s.funds, 0) ELSE 0 END) AS BIGINT) AS retired_funds,
    CAST(SUM(CASE WHEN b.retired = 1 THEN COALESCE(s.pool, 0) ELSE 0 END) AS BIGINT) AS retired_pool
FROM belongs AS b
JOIN employers AS m ON m.employer_code = b.employer_code
LEFT JOIN spent AS s ON s.person_no = b.person_no
LEFT JOIN paid AS d ON d.person_no = b.person_no
GROUP BY m.employer_code, m.employer_name, m.is_closed_enterprise
ORDER BY m.employer_code NULLS LAST
