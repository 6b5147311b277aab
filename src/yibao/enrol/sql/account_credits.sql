-- name: account_credits
-- purpose: 职工个人账户逐人逐月应划入与已划入：不符的逐人列出，相符的各月各类合成一行（人员编号为空）
-- takes: known_on date, floor number, ceiling number, own number, flexible number, half number, retired text, amount number, share number, least number, most number, since number
-- given: months(contribution_month number, first_day date, last_day date), age_bands(from_age number, below_age number, employer_share number)
WITH posted AS (
    SELECT c.person_no, c.contribution_month, c.contribution_base AS base, c.employer_amount + c.person_amount AS paid, c.account_amount AS credited
    FROM contributions AS c
    JOIN months AS m ON m.contribution_month = c.contribution_month
    WHERE c.insurance_type = '310' AND c.paid_date <= $known_on
    UNION ALL
    SELECT e.person_no, m.contribution_month, CAST(NULL AS BIGINT) AS base, 0 AS paid, 0 AS credited
    FROM enrolments AS e
    JOIN months AS m ON e.enrolment_start_date <= m.first_day AND COALESCE(e.enrolment_pause_date, m.last_day) >= m.last_day
    WHERE e.insurance_type = '310' AND e.person_category = '12' AND e.enrolment_status <> '0'),
person_months AS (
    SELECT p.person_no, p.contribution_month, MAX(p.base) AS base, CAST(SUM(p.paid) AS BIGINT) AS paid, CAST(SUM(p.credited) AS BIGINT) AS credited
    FROM posted AS p
    GROUP BY p.person_no, p.contribution_month),
relations AS (
    SELECT e.person_no, m.contribution_month, e.person_category, e.is_flexible_employment,
        ROW_NUMBER() OVER (PARTITION BY e.person_no, m.contribution_month
            ORDER BY e.enrolment_start_date NULLS LAST, e.enrolment_relation_id NULLS LAST) AS place
    FROM enrolments AS e
    JOIN months AS m ON e.enrolment_start_date <= m.last_day AND COALESCE(e.enrolment_pause_date, m.first_day) >= m.first_day
    WHERE e.insurance_type = '310' AND e.enrolment_status <> '0'),
by_month AS (
    SELECT c.person_no, c.contribution_month, CAST(SUM(c.account_amount) AS BIGINT) AS credited
    FROM contributions AS c
    WHERE $retired = 'assessed' AND c.insurance_type = '310' AND c.contribution_month >= $since AND c.paid_date <= $known_on
    GROUP BY c.person_no, c.contribution_month
    HAVING CAST(SUM(c.employer_amount + c.person_amount) AS BIGINT) = 0 AND CAST(SUM(c.account_amount) AS BIGINT) > 0),
assessed AS (
    SELECT b.person_no, b.credited, ROW_NUMBER() OVER (PARTITION BY b.person_no ORDER BY b.contribution_month NULLS LAST) AS place
    FROM by_month AS b),
facts AS (
    SELECT m.person_no, m.contribution_month, m.base, m.paid, m.credited, a.credited AS assessed, w.first_day,
        CASE WHEN m.base < $floor THEN $floor WHEN m.base > $ceiling THEN $ceiling ELSE m.base END AS counted,
        CASE WHEN r.person_category = '12' THEN 'retired' WHEN r.person_category = '11' AND r.is_flexible_employment THEN 'flexible'
            WHEN r.person_category = '11' THEN 'in_service' ELSE 'unknown' END AS account_kind,
        CASE WHEN p.birth_date <= w.first_day THEN (YEAR(w.first_day) * 10000 + MONTH(w.first_day) * 100 + DAY(w.first_day)
            - YEAR(p.birth_date) * 10000 - MONTH(p.birth_date) * 100 - DAY(p.birth_date)) // 10000 ELSE -1 END AS age
    FROM person_months AS m
    JOIN months AS w ON w.contribution_month = m.contribution_month
    LEFT JOIN relations AS r ON r.person_no = m.person_no AND r.contribution_month = m.contribution_month AND r.place = 1
    LEFT JOIN persons AS p ON p.person_no = m.person_no
    LEFT JOIN assessed AS a ON a.person_no = m.person_no AND a.place = 1),
rated AS (
    SELECT f.person_no, f.contribution_month, f.account_kind, f.base, f.credited, f.assessed,
        CASE
            WHEN f.account_kind = 'retired' AND $retired = 'amount' THEN $amount
            WHEN f.account_kind = 'retired' AND $retired = 'pension' THEN CASE WHEN f.base >= 0 THEN (f.base * $share + $half) // 10000 END
            WHEN f.account_kind = 'retired' THEN f.assessed
            WHEN f.account_kind = 'unknown' THEN NULL
            WHEN f.paid <= 0 THEN 0
            WHEN f.account_kind = 'flexible' THEN CASE WHEN $flexible = 0 THEN 0 ELSE (f.counted * $flexible + $half) // 10000 END
            ELSE (f.counted * $own + $half) // 10000 + (f.counted * b.employer_share + $half) // 10000
        END AS due
    FROM facts AS f
    LEFT JOIN age_bands AS b ON f.age >= b.from_age AND f.age < b.below_age),
judged AS (
    SELECT r.person_no, r.contribution_month, r.account_kind, r.base, r.credited, r.due,
        CASE WHEN r.account_kind = 'retired' AND $retired = 'assessed' AND (r.assessed < $least OR r.assessed > $most) THEN TRUE ELSE FALSE END AS out_of_bounds
    FROM rated AS r),
listed AS (
    SELECT j.contribution_month, j.account_kind, j.base, j.due, j.credited, j.out_of_bounds,
        CASE WHEN j.due IS NULL OR j.due <> j.credited OR j.out_of_bounds THEN j.person_no END AS person_no
    FROM judged AS j)
SELECT l.contribution_month, l.account_kind, l.person_no, COUNT(*) AS people, MAX(l.base) AS base, CAST(SUM(l.due) AS BIGINT) AS due,
    CAST(SUM(l.credited) AS BIGINT) AS credited, MAX(CASE WHEN l.out_of_bounds THEN 1 ELSE 0 END) AS out_of_bounds
FROM listed AS l
GROUP BY l.contribution_month, l.account_kind, l.person_no
ORDER BY l.contribution_month NULLS LAST, l.account_kind NULLS LAST, l.person_no NULLS LAST
