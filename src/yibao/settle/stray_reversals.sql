-- name: stray_reversals
-- purpose: 一个待遇年度里不能计算的平台冲正：原结算不在这一年的单据里，逐笔注明原因
-- takes: year number
WITH backs AS (
    SELECT s.settlement_id, s.original_settlement_id, s.person_no, s.settlement_time, s.total_fee, s.fund_pay_total,
        ROW_NUMBER() OVER (PARTITION BY s.original_settlement_id ORDER BY s.settlement_time NULLS LAST, s.settlement_id NULLS LAST) AS turn
    FROM settlements AS s
    WHERE s.benefit_year = $year AND s.is_valid AND s.is_reversal),
judged AS (
    SELECT b.*, o.benefit_year AS original_year,
        CASE WHEN b.original_settlement_id IS NULL THEN 'unnamed'
            WHEN o.settlement_id IS NULL THEN 'absent'
            WHEN NOT o.is_valid THEN 'invalid'
            WHEN o.is_reversal THEN 'of_reversal'
            WHEN o.person_no <> b.person_no THEN 'other_person'
            WHEN o.benefit_year <> $year THEN 'other_year'
            WHEN o.settlement_time > b.settlement_time OR (o.settlement_time = b.settlement_time AND o.settlement_id > b.settlement_id) THEN 'too_early'
            WHEN b.turn > 1 THEN 'again' ELSE '' END AS stray_reason
    FROM backs AS b
    LEFT JOIN settlements AS o ON o.settlement_id = b.original_settlement_id)
SELECT j.settlement_id, j.original_settlement_id, j.person_no, j.settlement_time, j.total_fee, j.fund_pay_total, j.original_year, j.stray_reason
FROM judged AS j
WHERE j.stray_reason <> ''
