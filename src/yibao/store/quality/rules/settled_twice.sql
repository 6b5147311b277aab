-- name: settled_twice
-- purpose: 同一次就诊重复结算
SELECT s.visit_id, MIN(s.settlement_id) AS first_settlement_id, MAX(s.settlement_id) AS last_settlement_id, COUNT(*) AS settlements,
    CAST(SUM(s.fund_pay_total) AS BIGINT) AS fund_pay_total
FROM settlements AS s
WHERE s.is_valid AND NOT s.is_reversal AND s.settlement_type = 'online' AND NOT EXISTS (
    SELECT 1 AS one FROM settlements AS r WHERE r.is_reversal AND r.original_settlement_id = s.settlement_id)
GROUP BY s.visit_id
HAVING COUNT(*) > 1
