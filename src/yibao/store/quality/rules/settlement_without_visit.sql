-- name: settlement_without_visit
-- purpose: 结算没有对应的就诊
SELECT s.settlement_id, s.visit_id, s.provider_code, s.settlement_time
FROM settlements AS s
WHERE NOT EXISTS (SELECT 1 AS one FROM visits AS v WHERE v.visit_id = s.visit_id)
