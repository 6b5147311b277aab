-- name: months_own
-- purpose: 一个年度各月预结算的应付金额之和，自算的，一行一家机构一个险种
-- takes: first_month number, last_month number
SELECT m.provider_code, m.insurance_type, CAST(SUM(m.dip_payable) AS BIGINT) AS dip_payable
FROM computed_dip_months AS m
WHERE m.service_month >= $first_month AND m.service_month <= $last_month
GROUP BY m.provider_code, m.insurance_type
ORDER BY m.provider_code ASC NULLS LAST, m.insurance_type ASC NULLS LAST
