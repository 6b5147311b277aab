-- name: four_rosters
-- purpose: 户籍、常住、职工、居民四本花名册按证件号码比对：每种组合多少人
-- takes: on_day date
WITH latest AS (
    SELECT roster_kind, MAX(roster_date) AS roster_date
    FROM population_rosters
    WHERE roster_date <= $on_day
    GROUP BY roster_kind
), everyone AS (
    SELECT r.id_document_no, r.roster_kind AS kind
    FROM population_rosters AS r
    JOIN latest AS l ON l.roster_kind = r.roster_kind AND l.roster_date = r.roster_date
    WHERE r.roster_kind IN ('registered', 'living')
    UNION
    SELECT p.id_document_no, CASE WHEN e.insurance_type = '390' THEN 'resident' ELSE 'employee' END AS kind
    FROM enrolments AS e
    JOIN persons AS p ON p.person_no = e.person_no
    WHERE e.insurance_type IN ('310', '340', '390') AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $on_day
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on_day) AND (p.death_date IS NULL OR p.death_date > $on_day)
), wide AS (
    SELECT id_document_no, MAX(CASE WHEN kind = 'registered' THEN 1 ELSE 0 END) AS registered, MAX(CASE WHEN kind = 'living' THEN 1 ELSE 0 END) AS living,
        MAX(CASE WHEN kind = 'employee' THEN 1 ELSE 0 END) AS employee, MAX(CASE WHEN kind = 'resident' THEN 1 ELSE 0 END) AS resident
    FROM everyone
    GROUP BY id_document_no
)
SELECT registered, living, employee, resident, COUNT(*) AS people
FROM wide
GROUP BY registered, living, employee, resident
ORDER BY registered DESC NULLS LAST, living DESC NULLS LAST, employee DESC NULLS LAST, resident DESC NULLS LAST
