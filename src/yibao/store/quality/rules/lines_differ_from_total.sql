-- name: lines_differ_from_total
-- purpose: 明细之和与结算总额不一致
WITH sums AS (
    SELECT settlement_id, CAST(SUM(line_amount) AS BIGINT) AS lines_total
    FROM fee_lines
    WHERE settlement_id IS NOT NULL
    GROUP BY settlement_id
)
SELECT s.settlement_id, s.provider_code, s.total_fee, l.lines_total, s.total_fee - l.lines_total AS gap
FROM settlements AS s
JOIN sums AS l ON l.settlement_id = s.settlement_id
WHERE s.is_valid AND s.total_fee <> l.lines_total
