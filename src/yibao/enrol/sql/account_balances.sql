-- name: account_balances
-- purpose: 个人账户一年的余额滚存：期初加划入、减支出、减代家人支付，应等于最后一次结算后的余额；断开的各行和合计（人员编号为空）
-- takes: first_day date, last_day date, known_on date, by_month flag
WITH dated AS (
    SELECT c.person_no, c.account_amount,
        CASE WHEN $by_month THEN c.contribution_month * 100 + 1 ELSE YEAR(c.paid_date) * 10000 + MONTH(c.paid_date) * 100 + DAY(c.paid_date) END AS posted
    FROM contributions AS c
    WHERE c.insurance_type = '310' AND ($by_month OR c.paid_date <= $known_on)),
reach AS (SELECT MIN(d.posted) AS since FROM dated AS d),
settled AS (
    SELECT s.person_no, s.settlement_id, s.settlement_time, CAST(s.settlement_time AS DATE) AS settled_on, s.is_reversal,
        YEAR(s.settlement_time) * 10000 + MONTH(s.settlement_time) * 100 + DAY(s.settlement_time) AS settled_day,
        s.account_pay - s.account_family_pay AS own_pay, s.account_balance_before, s.account_balance_after,
        CAST(SUM(s.account_pay - s.account_family_pay) OVER (PARTITION BY s.person_no
            ORDER BY s.settlement_time NULLS FIRST, s.settlement_id NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS spent
    FROM settlements AS s
    WHERE s.is_valid AND CAST(s.settlement_time AS DATE) <= $last_day),
told AS (
    SELECT s.person_no, s.settlement_time, s.settled_on, s.settled_day, s.own_pay, s.account_balance_before, s.account_balance_after, s.spent,
        s.settled_on >= $first_day AS this_year,
        ROW_NUMBER() OVER (PARTITION BY s.person_no, s.settled_on >= $first_day
            ORDER BY s.settlement_time NULLS LAST, s.settlement_id NULLS LAST) AS place,
        ROW_NUMBER() OVER (PARTITION BY s.person_no, s.settled_on >= $first_day
            ORDER BY s.settlement_time DESC NULLS LAST, s.settlement_id DESC NULLS LAST) AS place_from_last
    FROM settled AS s
    CROSS JOIN reach AS r
    WHERE NOT s.is_reversal AND s.account_balance_before IS NOT NULL AND s.account_balance_after IS NOT NULL AND s.settled_day >= r.since),
spans AS (
    SELECT l.person_no, COALESCE(b.settled_on, f.settled_on) AS opened_on, COALESCE(b.settled_day, f.settled_day) AS opened_day,
        COALESCE(b.settlement_time, f.settlement_time) AS opened_at, COALESCE(b.account_balance_after, f.account_balance_before) AS opening,
        l.settled_on AS closed_on, l.settled_day AS closed_day, l.settlement_time AS closed_at, l.account_balance_after AS closing,
        l.spent - COALESCE(b.spent, f.spent - f.own_pay) AS spent
    FROM told AS l
    JOIN told AS f ON f.person_no = l.person_no AND f.this_year AND f.place = 1
    LEFT JOIN told AS b ON b.person_no = l.person_no AND NOT b.this_year AND b.place_from_last = 1
    WHERE l.this_year AND l.place_from_last = 1),
credits AS (
    SELECT s.person_no, CAST(SUM(d.account_amount) AS BIGINT) AS credited
    FROM spans AS s
    JOIN dated AS d ON d.person_no = s.person_no AND d.posted > s.opened_day AND d.posted <= s.closed_day
    GROUP BY s.person_no),
shared AS (
    SELECT s.settlement_id, s.settlement_time, s.account_family_pay, MIN(a.account_holder_no) AS account_holder_no
    FROM settlements AS s
    LEFT JOIN settlements AS o ON o.settlement_id = s.original_settlement_id
    JOIN account_sharing AS a ON a.sharing_member_no = s.person_no AND a.sharing_from <= CAST(COALESCE(o.settlement_time, s.settlement_time) AS DATE)
        AND (a.sharing_to IS NULL OR a.sharing_to >= CAST(COALESCE(o.settlement_time, s.settlement_time) AS DATE))
    WHERE s.is_valid AND s.account_family_pay <> 0
    GROUP BY s.settlement_id, s.settlement_time, s.account_family_pay
    HAVING COUNT(DISTINCT a.account_holder_no) = 1),
lent AS (
    SELECT s.person_no, CAST(SUM(h.account_family_pay) AS BIGINT) AS lent
    FROM spans AS s
    JOIN shared AS h ON h.account_holder_no = s.person_no AND h.settlement_time > s.opened_at AND h.settlement_time <= s.closed_at
    GROUP BY s.person_no),
rolled AS (
    SELECT s.person_no, s.opened_on, s.opening, COALESCE(c.credited, 0) AS credited, s.spent, COALESCE(l.lent, 0) AS lent, s.closed_on, s.closing,
        s.closing - (s.opening + COALESCE(c.credited, 0) - s.spent - COALESCE(l.lent, 0)) AS gap
    FROM spans AS s
    LEFT JOIN credits AS c ON c.person_no = s.person_no
    LEFT JOIN lent AS l ON l.person_no = s.person_no),
listed AS (
    SELECT r.person_no, 1 AS people, 1 AS broken, r.opened_on, r.opening, r.credited, r.spent, r.lent, r.closed_on, r.closing, r.gap
    FROM rolled AS r
    WHERE r.gap <> 0
    UNION ALL
    SELECT CAST(NULL AS VARCHAR) AS person_no, COUNT(*) AS people, COALESCE(CAST(SUM(CASE WHEN r.gap <> 0 THEN 1 ELSE 0 END) AS BIGINT), 0) AS broken,
        MIN(r.opened_on) AS opened_on, CAST(SUM(r.opening) AS BIGINT) AS opening, CAST(SUM(r.credited) AS BIGINT) AS credited,
        CAST(SUM(r.spent) AS BIGINT) AS spent, CAST(SUM(r.lent) AS BIGINT) AS lent, MAX(r.closed_on) AS closed_on,
        CAST(SUM(r.closing) AS BIGINT) AS closing, CAST(SUM(r.gap) AS BIGINT) AS gap
    FROM rolled AS r)
SELECT l.person_no, l.people, l.broken, l.opened_on, l.opening, l.credited, l.spent, l.lent, l.closed_on, l.closing, l.gap
FROM listed AS l
ORDER BY l.person_no NULLS LAST
