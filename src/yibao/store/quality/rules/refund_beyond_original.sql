-- name: refund_beyond_original
-- purpose: 退费超过原费用
WITH refunds AS (
    SELECT original_fee_line_no, CAST(SUM(line_amount) AS BIGINT) AS refunded
    FROM fee_lines
    WHERE original_fee_line_no IS NOT NULL
    GROUP BY original_fee_line_no
)
SELECT o.fee_line_no, o.visit_id, o.provider_code, o.line_amount, r.refunded
FROM refunds AS r
JOIN fee_lines AS o ON o.fee_line_no = r.original_fee_line_no
WHERE o.line_amount + r.refunded < 0
