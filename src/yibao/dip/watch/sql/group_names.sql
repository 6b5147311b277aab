-- name: group_names
-- purpose: 病种目录里每个病种的名称
SELECT g.dip_group_code, MAX(g.dip_group_name) AS dip_group_name
FROM dip_groups AS g
GROUP BY g.dip_group_code
ORDER BY g.dip_group_code ASC NULLS LAST
