-- name: provider_names
-- purpose: 机构的名称和等级
SELECT p.provider_code, p.provider_name, p.hospital_level
FROM providers AS p
ORDER BY p.provider_code ASC NULLS LAST
