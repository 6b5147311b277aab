-- name: records_reach
-- purpose: 缴费记录从哪个待遇年度起，到哪一天止
SELECT MIN(benefit_year) AS first_year, MAX(benefit_year) AS last_year, MAX(paid_date) AS last_day, COUNT(*) AS contribution_rows
FROM contributions
