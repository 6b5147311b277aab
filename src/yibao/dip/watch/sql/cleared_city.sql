-- name: cleared_city
-- purpose: 一个年度清算的应付金额，市里的，一行一家机构一个险种
-- takes: year number
SELECT c.provider_code, c.insurance_type, c.dip_payable
FROM dip_clearing AS c
WHERE c.service_year = $year
ORDER BY c.provider_code ASC NULLS LAST, c.insurance_type ASC NULLS LAST
