-- name: levied_totals
-- purpose: 一个待遇年度到账的缴费：险种、人数、单位、个人、资助
-- takes: year number, known_on date
SELECT insurance_type, COUNT(DISTINCT person_no) AS people, CAST(SUM(employer_amount) AS BIGINT) AS employer_amount,
    CAST(SUM(person_amount) AS BIGINT) AS person_amount, CAST(SUM(subsidy_amount) AS BIGINT) AS subsidy_amount
FROM contributions
WHERE benefit_year = $year AND paid_date <= $known_on
GROUP BY insurance_type
ORDER BY insurance_type NULLS LAST
