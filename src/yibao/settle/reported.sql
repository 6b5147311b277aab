-- name: reported
-- purpose: 平台结算过的单据和平台算出的金额，按人、时间排列
-- takes: year number
SELECT b.*, s.settlement_id, s.deductible_paid AS reported_deductible_paid, s.pool_fund_pay AS reported_pool_fund_pay,
    s.civil_servant_pay AS reported_civil_servant_pay, s.enterprise_supplement_pay AS reported_enterprise_supplement_pay,
    s.resident_critical_illness_pay AS reported_resident_critical_illness_pay, s.employee_large_amount_pay AS reported_employee_large_amount_pay,
    s.disabled_person_pay AS reported_disabled_person_pay, s.medical_aid_pay AS reported_medical_aid_pay, s.other_fund_pay AS reported_other_fund_pay,
    s.hospital_burden AS reported_hospital_burden, s.account_pay - s.account_family_pay AS reported_account_pay, s.cash_pay AS reported_cash_pay
FROM bills AS b
JOIN settlements AS s ON s.settlement_id = b.bill_id
WHERE b.benefit_year = $year
