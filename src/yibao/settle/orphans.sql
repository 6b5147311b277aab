-- name: orphans
-- purpose: 一个待遇年度里不能计算的平台结算：没有就诊或人员记录，逐笔注明原因
-- takes: year number
SELECT s.settlement_id, s.visit_id, s.person_no, s.settlement_time, s.total_fee, s.fund_pay_total,
    CASE WHEN v.visit_id IS NULL THEN 'visit' ELSE 'person' END AS orphan_reason
FROM settlements AS s
LEFT JOIN visits AS v ON v.visit_id = s.visit_id
LEFT JOIN persons AS p ON p.person_no = s.person_no
WHERE s.benefit_year = $year AND s.is_valid AND (v.visit_id IS NULL OR p.person_no IS NULL)
