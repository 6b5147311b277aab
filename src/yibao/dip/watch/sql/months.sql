-- name: months
-- purpose: 一个年度各月预结算的应付金额之和，自算的（own）或市里的（city），一行一家机构一个险种
-- takes: year number, whose text
WITH every_month AS (
    SELECT 'own' AS basis, o.service_month, o.provider_code, o.insurance_type, o.dip_payable FROM computed_dip_months AS o
    UNION ALL
    SELECT 'city' AS basis, c.service_month, c.provider_code, c.insurance_type, c.dip_payable FROM dip_monthly AS c)
SELECT m.provider_code, m.insurance_type, CAST(SUM(m.dip_payable) AS BIGINT) AS dip_payable
FROM every_month AS m
WHERE m.basis = $whose AND m.service_month > $year * 100 AND m.service_month <= $year * 100 + 12
GROUP BY m.provider_code, m.insurance_type
ORDER BY m.provider_code ASC NULLS LAST, m.insurance_type ASC NULLS LAST
