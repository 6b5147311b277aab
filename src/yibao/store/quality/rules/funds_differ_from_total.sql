-- name: funds_differ_from_total
-- purpose: 基金明细与基金支付总额不一致
WITH sums AS (
    SELECT settlement_id, CAST(SUM(CASE WHEN fund_type = '310201' THEN 0 ELSE fund_pay END) AS BIGINT) AS funds_total
    FROM settlement_funds
    GROUP BY settlement_id
)
SELECT s.settlement_id, s.provider_code, s.fund_pay_total, f.funds_total, s.fund_pay_total - f.funds_total AS gap
FROM settlements AS s
JOIN sums AS f ON f.settlement_id = s.settlement_id
WHERE s.is_valid AND s.fund_pay_total <> f.funds_total
