-- name: months_missing_in_settlements
-- purpose: 结算缺月份
WITH months AS (SELECT DISTINCT YEAR(settlement_time) * 12 + MONTH(settlement_time) AS month_no FROM settlements),
steps AS (SELECT month_no, LAG(month_no) OVER (ORDER BY month_no NULLS LAST) AS month_before FROM months)
SELECT (month_before - 1) // 12 * 100 + (month_before - 1) % 12 + 1 AS last_month, (month_no - 1) // 12 * 100 + (month_no - 1) % 12 + 1 AS next_month,
    month_no - month_before - 1 AS months_missing
FROM steps
WHERE month_before IS NOT NULL AND month_no - month_before > 1
