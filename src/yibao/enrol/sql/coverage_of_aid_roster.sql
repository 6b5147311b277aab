-- name: coverage_of_aid_roster
-- purpose: 民政、农业农村等部门最近一份困难群众名单：人数、已在平台标识的、有效参保的
-- takes: on_day date
WITH latest AS (
    SELECT MAX(roster_date) AS roster_date FROM population_rosters WHERE roster_kind = 'aid' AND roster_date <= $on_day
), insured AS (
    SELECT DISTINCT p.id_document_no
    FROM enrolments AS e
    JOIN persons AS p ON p.person_no = e.person_no
    WHERE e.insurance_type IN ('310', '340', '390') AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $on_day
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on_day)
), marked AS (
    SELECT DISTINCT p.id_document_no, i.identity_type
    FROM identities AS i
    JOIN persons AS p ON p.person_no = i.person_no
    WHERE i.identity_start <= $on_day AND (i.identity_end IS NULL OR i.identity_end >= $on_day)
)
SELECT r.identity_type, r.roster_date, COUNT(*) AS listed, COUNT(n.id_document_no) AS insured, COUNT(m.id_document_no) AS marked
FROM population_rosters AS r
JOIN latest AS l ON l.roster_date = r.roster_date
LEFT JOIN insured AS n ON n.id_document_no = r.id_document_no
LEFT JOIN marked AS m ON m.id_document_no = r.id_document_no AND m.identity_type = r.identity_type
WHERE r.roster_kind = 'aid'
GROUP BY r.identity_type, r.roster_date
ORDER BY r.identity_type NULLS LAST
