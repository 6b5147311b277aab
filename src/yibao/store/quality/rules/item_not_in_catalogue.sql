-- name: item_not_in_catalogue
-- purpose: 国家编码不在目录里
SELECT l.fee_line_no, l.provider_code, l.national_item_code, l.provider_item_name, l.service_time, l.line_amount
FROM fee_lines AS l
WHERE l.national_item_code IS NOT NULL AND NOT EXISTS (
    SELECT 1 AS one FROM catalogue_items AS c WHERE c.national_item_code = l.national_item_code)
