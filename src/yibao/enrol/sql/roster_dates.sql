-- name: roster_dates
-- purpose: 每类花名册最近一份的日期和人数
-- takes: on_day date
WITH latest AS (
    SELECT roster_kind, MAX(roster_date) AS roster_date FROM population_rosters WHERE roster_date <= $on_day GROUP BY roster_kind
)
SELECT l.roster_kind, l.roster_date, COUNT(DISTINCT r.id_document_no) AS people
FROM latest AS l
JOIN population_rosters AS r ON r.roster_kind = l.roster_kind AND r.roster_date = l.roster_date
GROUP BY l.roster_kind, l.roster_date
ORDER BY l.roster_kind NULLS LAST
