-- name: refund_without_original
-- purpose: 退费没有原费用
SELECT l.fee_line_no, l.original_fee_line_no, l.visit_id, l.provider_code, l.service_time, l.line_amount
FROM fee_lines AS l
WHERE l.line_amount < 0 AND (l.original_fee_line_no IS NULL OR NOT EXISTS (
    SELECT 1 AS one FROM fee_lines AS o WHERE o.fee_line_no = l.original_fee_line_no))
