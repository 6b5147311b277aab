-- name: fee_shares
-- purpose: 被监测的住院按收费项目类别的费用，一行一家机构一个类别
-- given: watched(visit_id text, provider_code text)
SELECT w.provider_code, f.charge_category, CAST(SUM(f.line_amount) AS BIGINT) AS amount
FROM fee_lines AS f
JOIN watched AS w ON w.visit_id = f.visit_id
GROUP BY w.provider_code, f.charge_category
ORDER BY w.provider_code ASC NULLS LAST, f.charge_category ASC NULLS LAST
