-- name: uninsured
-- purpose: 未参保台账：在花名册或平台人员表里，没有有效参保关系的人
-- takes: on_day date
WITH latest AS (
    SELECT roster_kind, MAX(roster_date) AS roster_date FROM population_rosters WHERE roster_date <= $on_day GROUP BY roster_kind
), everyone AS (
    SELECT r.id_document_no, r.person_name, r.area_code, r.roster_kind AS kind
    FROM population_rosters AS r
    JOIN latest AS l ON l.roster_kind = r.roster_kind AND l.roster_date = r.roster_date
    WHERE r.roster_kind IN ('registered', 'living', 'due')
    UNION ALL
    SELECT p.id_document_no, p.person_name, COALESCE(p.living_area_code, p.residence_area_code) AS area_code, 'platform' AS kind
    FROM persons AS p
), wide AS (
    SELECT id_document_no, MIN(person_name) AS person_name, COALESCE(MIN(CASE WHEN kind = 'living' THEN area_code END), MIN(area_code)) AS area_code,
        MAX(CASE WHEN kind = 'registered' THEN 1 ELSE 0 END) AS registered, MAX(CASE WHEN kind = 'living' THEN 1 ELSE 0 END) AS living,
        MAX(CASE WHEN kind = 'due' THEN 1 ELSE 0 END) AS due, MAX(CASE WHEN kind = 'platform' THEN 1 ELSE 0 END) AS platform
    FROM everyone
    GROUP BY id_document_no
), known AS (
    SELECT p.id_document_no, MIN(p.person_no) AS person_no, MIN(p.birth_date) AS birth_date, MIN(p.death_date) AS death_date,
        MAX(CASE WHEN e.insurance_type IN ('310', '340', '390') AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $on_day
            AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on_day) THEN 1 ELSE 0 END) AS insured,
        MAX(e.enrolment_pause_date) AS paused_on
    FROM persons AS p
    LEFT JOIN enrolments AS e ON e.person_no = p.person_no
    GROUP BY p.id_document_no
), paid AS (SELECT person_no, MAX(benefit_year) AS last_year FROM contributions WHERE paid_date <= $on_day GROUP BY person_no),
held AS (
    SELECT person_no, MIN(identity_type) AS identity_type
    FROM identities
    WHERE identity_start <= $on_day AND (identity_end IS NULL OR identity_end >= $on_day)
    GROUP BY person_no
)
SELECT w.area_code, t.area_name AS town_name, v.area_name AS village_name, k.person_no, w.person_name, w.id_document_no, k.birth_date,
    h.identity_type, p.last_year, k.paused_on, w.registered, w.living, w.due, w.platform
FROM wide AS w
LEFT JOIN known AS k ON k.id_document_no = w.id_document_no
LEFT JOIN paid AS p ON p.person_no = k.person_no
LEFT JOIN held AS h ON h.person_no = k.person_no
LEFT JOIN areas AS v ON v.area_code = w.area_code AND v.area_level = 'village'
LEFT JOIN areas AS t ON t.area_code = SUBSTRING(w.area_code, 1, 9)
WHERE COALESCE(k.insured, 0) = 0 AND (k.death_date IS NULL OR k.death_date > $on_day)
ORDER BY w.area_code NULLS LAST, w.id_document_no NULLS LAST
