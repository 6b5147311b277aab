-- name: months_missing_in_fee_lines
-- purpose: 费用明细缺月份
WITH months AS (SELECT DISTINCT YEAR(service_time) * 12 + MONTH(service_time) AS month_no FROM fee_lines),
steps AS (SELECT month_no, LAG(month_no) OVER (ORDER BY month_no NULLS LAST) AS month_before FROM months)
SELECT (month_before - 1) // 12 * 100 + (month_before - 1) % 12 + 1 AS last_month, (month_no - 1) // 12 * 100 + (month_no - 1) % 12 + 1 AS next_month,
    month_no - month_before - 1 AS months_missing
FROM steps
WHERE month_before IS NOT NULL AND month_no - month_before > 1
