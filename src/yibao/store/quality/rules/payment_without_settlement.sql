-- name: payment_without_settlement
-- purpose: 拨付没有对应的结算
SELECT p.payment_id, p.payment_kind, p.settlement_id, p.provider_code, p.due_date, p.due_amount
FROM payments AS p
WHERE p.settlement_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 AS one FROM settlements AS s WHERE s.settlement_id = p.settlement_id)
