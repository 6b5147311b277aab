-- name: account_sharing_unproven
-- purpose: 一年里用了家人账户而没有有效共济登记的结算；另有一行合计（结算ID为空）
-- takes: first_day date, last_day date
-- given: relatives(kinship text, first_day date, last_day date)
WITH family AS (
    SELECT s.settlement_id, s.person_no, CAST(s.settlement_time AS DATE) AS settled_on, s.account_family_pay,
        CASE WHEN EXISTS (SELECT 1 AS one FROM settlements AS r WHERE r.original_settlement_id = s.settlement_id AND r.is_reversal) THEN TRUE ELSE FALSE END AS is_reversed
    FROM settlements AS s
    WHERE s.is_valid AND NOT s.is_reversal AND s.account_family_pay <> 0
        AND CAST(s.settlement_time AS DATE) >= $first_day AND CAST(s.settlement_time AS DATE) <= $last_day),
candidates AS (
    SELECT f.settlement_id, a.account_holder_no, CASE WHEN a.sharing_from <= f.settled_on AND (a.sharing_to IS NULL OR a.sharing_to >= f.settled_on) THEN 1 ELSE 0 END AS in_time,
        CASE WHEN EXISTS (SELECT 1 AS one FROM relatives AS k WHERE k.kinship = a.kinship AND k.first_day <= f.settled_on AND k.last_day >= f.settled_on)
            THEN 1 ELSE 0 END AS is_relative,
        CASE WHEN EXISTS (SELECT 1 AS one FROM enrolments AS e WHERE e.person_no = a.account_holder_no AND e.insurance_type = '310' AND e.enrolment_status <> '0'
            AND e.enrolment_start_date <= f.settled_on AND COALESCE(e.enrolment_pause_date, f.settled_on) >= f.settled_on) THEN 1 ELSE 0 END AS is_insured
    FROM family AS f
    JOIN account_sharing AS a ON a.sharing_member_no = f.person_no AND a.account_holder_no <> f.person_no),
proof AS (
    SELECT c.settlement_id, MIN(c.account_holder_no) AS account_holder_no, MAX(c.in_time) AS in_time, MAX(c.in_time * c.is_relative) AS is_relative,
        MAX(c.in_time * c.is_relative * c.is_insured) AS is_proven
    FROM candidates AS c
    GROUP BY c.settlement_id),
listed AS (
    SELECT f.settlement_id, 1 AS payments, f.person_no, f.settled_on, f.account_family_pay, f.is_reversed, p.account_holder_no, p.in_time, p.is_relative
    FROM family AS f
    LEFT JOIN proof AS p ON p.settlement_id = f.settlement_id
    WHERE COALESCE(p.is_proven, 0) = 0
    UNION ALL
    SELECT CAST(NULL AS VARCHAR) AS settlement_id, COUNT(*) AS payments, CAST(NULL AS VARCHAR) AS person_no, MAX(f.settled_on) AS settled_on,
        COALESCE(CAST(SUM(f.account_family_pay) AS BIGINT), 0) AS account_family_pay, FALSE AS is_reversed, CAST(NULL AS VARCHAR) AS account_holder_no,
        CAST(NULL AS BIGINT) AS in_time, CAST(NULL AS BIGINT) AS is_relative
    FROM family AS f)
SELECT l.settlement_id, l.payments, l.person_no, l.settled_on, l.account_family_pay, l.is_reversed, l.account_holder_no, l.in_time, l.is_relative
FROM listed AS l
ORDER BY l.settlement_id NULLS LAST
