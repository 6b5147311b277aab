-- name: item_unmapped
-- purpose: 费用没有国家编码
SELECT fee_line_no, provider_code, provider_item_code, provider_item_name, service_time, line_amount
FROM fee_lines
WHERE national_item_code IS NULL
