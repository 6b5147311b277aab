-- name: person_contributions
-- purpose: 一个人每个待遇年度的缴费
-- takes: who text
SELECT benefit_year, insurance_type, COUNT(DISTINCT contribution_month) AS months, MIN(paid_date) AS first_paid, MAX(paid_date) AS last_paid,
    CAST(SUM(employer_amount) AS BIGINT) AS employer_amount, CAST(SUM(person_amount) AS BIGINT) AS person_amount,
    CAST(SUM(subsidy_amount) AS BIGINT) AS subsidy_amount, CAST(SUM(account_amount) AS BIGINT) AS account_amount
FROM contributions
WHERE person_no = $who
GROUP BY benefit_year, insurance_type
ORDER BY benefit_year NULLS LAST, insurance_type NULLS LAST
