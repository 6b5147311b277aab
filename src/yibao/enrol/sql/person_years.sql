-- name: person_years
-- purpose: 每人每个待遇年度的缴费、缴费时的身份和基金支付（净额）
-- takes: known_on date
WITH paid AS (
    SELECT person_no, benefit_year, insurance_type, MIN(paid_date) AS first_paid, COUNT(DISTINCT contribution_month) AS months,
        MAX(contribution_month) AS last_month
    FROM contributions
    WHERE insurance_type IN ('310', '390') AND paid_date <= $known_on
    GROUP BY person_no, benefit_year, insurance_type
    HAVING insurance_type = '310' OR CAST(SUM(employer_amount + person_amount + subsidy_amount) AS BIGINT) > 0
), claims AS (
    SELECT person_no, benefit_year, CAST(SUM(fund_pay_total) AS BIGINT) AS fund_paid,
        CAST(SUM(resident_critical_illness_pay) AS BIGINT) AS critical_paid
    FROM settlements
    WHERE insurance_type = '390' AND is_valid AND CAST(settlement_time AS DATE) <= $known_on
    GROUP BY person_no, benefit_year
), joined AS (SELECT person_no, MIN(enrolment_start_date) AS first_enrolled FROM enrolments GROUP BY person_no)
SELECT p.person_no, p.benefit_year, p.insurance_type, p.first_paid, p.months, p.last_month, i.identity_type, q.birth_date,
    COALESCE(j.first_enrolled, p.first_paid) AS first_enrolled,
    CASE WHEN p.insurance_type = '390' THEN COALESCE(c.fund_paid, 0) ELSE 0 END AS fund_paid,
    CASE WHEN p.insurance_type = '390' THEN COALESCE(c.critical_paid, 0) ELSE 0 END AS critical_paid
FROM paid AS p
JOIN persons AS q ON q.person_no = p.person_no
LEFT JOIN joined AS j ON j.person_no = p.person_no
LEFT JOIN claims AS c ON c.person_no = p.person_no AND c.benefit_year = p.benefit_year
LEFT JOIN identities AS i ON i.person_no = p.person_no AND i.identity_start <= p.first_paid
    AND (i.identity_end IS NULL OR i.identity_end >= p.first_paid)
