-- name: listed_uninsured
-- purpose: 应保未保：当日在困难群众名单上（平台身份，或部门名单）而没有有效参保关系的人
-- takes: on_day date
WITH latest AS (
    SELECT MAX(roster_date) AS roster_date FROM population_rosters WHERE roster_kind = 'aid' AND roster_date <= $on_day
), listed AS (
    SELECT p.id_document_no, p.person_name, COALESCE(p.living_area_code, p.residence_area_code) AS area_code, i.identity_type, i.issuing_office,
        i.list_date, 1 AS platform
    FROM identities AS i
    JOIN persons AS p ON p.person_no = i.person_no
    WHERE i.identity_start <= $on_day AND (i.identity_end IS NULL OR i.identity_end >= $on_day) AND (p.death_date IS NULL OR p.death_date > $on_day)
        AND i.identity_type NOT IN ('gongwuyuan', 'lixiu')
    UNION ALL
    SELECT r.id_document_no, r.person_name, r.area_code, r.identity_type, r.issuing_office, r.roster_date AS list_date, 0 AS platform
    FROM population_rosters AS r
    JOIN latest AS l ON l.roster_date = r.roster_date
    WHERE r.roster_kind = 'aid'
), insured AS (
    SELECT DISTINCT p.id_document_no
    FROM enrolments AS e
    JOIN persons AS p ON p.person_no = e.person_no
    WHERE e.insurance_type IN ('310', '340', '390') AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $on_day
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on_day)
), known AS (SELECT id_document_no, MIN(person_no) AS person_no, MIN(death_date) AS death_date FROM persons GROUP BY id_document_no)
SELECT l.area_code, k.person_no, MIN(l.person_name) AS person_name, l.id_document_no, l.identity_type, MIN(l.issuing_office) AS issuing_office,
    MIN(l.list_date) AS list_date, MAX(l.platform) AS platform
FROM listed AS l
LEFT JOIN known AS k ON k.id_document_no = l.id_document_no
WHERE (k.death_date IS NULL OR k.death_date > $on_day)
    AND NOT EXISTS (SELECT 1 AS one FROM insured AS n WHERE n.id_document_no = l.id_document_no)
GROUP BY l.area_code, k.person_no, l.id_document_no, l.identity_type
ORDER BY l.area_code NULLS LAST, l.id_document_no NULLS LAST, l.identity_type NULLS LAST
