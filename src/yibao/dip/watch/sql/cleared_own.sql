-- name: cleared_own
-- purpose: 一个年度最近一次清算的应付金额，自算的，一行一家机构一个险种
-- takes: year number
WITH latest AS (
    SELECT MAX(l.clearing_run) AS clearing_run FROM computed_dip_clearing AS l WHERE l.service_year = $year)
SELECT c.provider_code, c.insurance_type, c.dip_payable
FROM computed_dip_clearing AS c
JOIN latest AS t ON t.clearing_run = c.clearing_run
WHERE c.service_year = $year
ORDER BY c.provider_code ASC NULLS LAST, c.insurance_type ASC NULLS LAST
