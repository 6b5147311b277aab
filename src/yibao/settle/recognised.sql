-- name: recognised
-- purpose: 平台已经导出的逐笔结算：窗口的单据号、平台的结算ID、凭什么认出，一对一
-- takes: year number
WITH undone_here AS (
    SELECT l.reverses_bill_id AS bill_id FROM live_settlements AS l WHERE l.reverses_bill_id IS NOT NULL GROUP BY l.reverses_bill_id),
undone_there AS (
    SELECT s.original_settlement_id AS settlement_id FROM settlements AS s
    WHERE s.is_reversal AND s.is_valid AND s.original_settlement_id IS NOT NULL GROUP BY s.original_settlement_id),
live AS (
    SELECT l.bill_id, l.person_no, l.visit_id, l.stay_start_date, l.policy_date, l.reverses_bill_id,
        l.is_mid_stay OR l.settlement_type = 'mid_stay' AS is_part, u.bill_id IS NOT NULL AS is_undone
    FROM live_settlements AS l
    LEFT JOIN undone_here AS u ON u.bill_id = l.bill_id
    WHERE l.benefit_year = $year),
pairs AS (
    SELECT l.bill_id, s.settlement_id, s.settlement_time,
        CASE WHEN s.settlement_id = l.bill_id OR (s.provider_settlement_id IS NOT NULL AND s.provider_settlement_id = l.bill_id) THEN 1
            WHEN l.reverses_bill_id IS NOT NULL OR s.visit_id <> l.visit_id THEN 9
            WHEN s.stay_start_date = l.stay_start_date AND COALESCE(s.stay_end_date, CAST(s.settlement_time AS DATE)) = l.policy_date THEN 2
            WHEN l.is_part OR s.settlement_type = 'mid_stay' THEN 9
            ELSE 3 END AS rank,
        CASE WHEN l.is_undone = (u.settlement_id IS NOT NULL) THEN 0 ELSE 1 END AS is_other_state
    FROM live AS l
    JOIN settlements AS s ON s.person_no = l.person_no AND s.is_valid AND s.is_reversal = (l.reverses_bill_id IS NOT NULL)
    LEFT JOIN undone_there AS u ON u.settlement_id = s.settlement_id),
best_here AS (
    SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.bill_id ORDER BY p.rank NULLS LAST, p.is_other_state NULLS LAST, p.settlement_time DESC NULLS LAST, p.settlement_id NULLS LAST) AS place
    FROM pairs AS p
    WHERE p.rank < 9),
best AS (
    SELECT b.*, ROW_NUMBER() OVER (PARTITION BY b.settlement_id ORDER BY b.rank NULLS LAST, b.is_other_state NULLS LAST, b.bill_id NULLS LAST) AS place_there
    FROM best_here AS b
    WHERE b.place = 1),
matched AS (
    SELECT b.bill_id, b.settlement_id, CASE WHEN b.rank = 1 THEN 'number' ELSE 'visit' END AS recognised_by FROM best AS b WHERE b.place_there = 1),
taken_back AS (
    SELECT l.bill_id, MIN(s.settlement_id) AS settlement_id
    FROM live AS l
    JOIN matched AS m ON m.bill_id = l.reverses_bill_id
    JOIN settlements AS s ON s.original_settlement_id = m.settlement_id AND s.is_reversal AND s.is_valid
    LEFT JOIN matched AS k ON k.bill_id = l.bill_id
    WHERE k.bill_id IS NULL
    GROUP BY l.bill_id)
SELECT m.bill_id, m.settlement_id, m.recognised_by FROM matched AS m
UNION ALL
SELECT t.bill_id, t.settlement_id, 'original' AS recognised_by FROM taken_back AS t
