-- name: cleared
-- purpose: 一个年度清算的应付金额，自算的（own，最近一次）或市里的（city），一行一家机构一个险种
-- takes: year number, whose text
WITH latest AS (
    SELECT MAX(l.clearing_run) AS clearing_run FROM computed_dip_clearing AS l WHERE l.service_year = $year),
cleared AS (
    SELECT 'own' AS basis, o.service_year, o.provider_code, o.insurance_type, o.dip_payable
    FROM computed_dip_clearing AS o
    JOIN latest AS t ON t.clearing_run = o.clearing_run
    UNION ALL
    SELECT 'city' AS basis, c.service_year, c.provider_code, c.insurance_type, c.dip_payable FROM dip_clearing AS c)
SELECT c.provider_code, c.insurance_type, c.dip_payable
FROM cleared AS c
WHERE c.basis = $whose AND c.service_year = $year
ORDER BY c.provider_code ASC NULLS LAST, c.insurance_type ASC NULLS LAST
