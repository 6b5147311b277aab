-- name: coverage_of_groups
-- purpose: 各类困难群众：名单人数（有认定部门和名单日期的身份）和其中有效参保的人数
-- takes: on_day date
WITH insured AS (
    SELECT DISTINCT e.person_no
    FROM enrolments AS e
    WHERE e.insurance_type IN ('310', '340', '390') AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $on_day
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on_day)
)
SELECT i.identity_type, COUNT(DISTINCT i.person_no) AS listed, COUNT(DISTINCT n.person_no) AS insured,
    COUNT(DISTINCT CASE WHEN i.issuing_office IS NULL OR i.list_date IS NULL THEN i.person_no END) AS unproven
FROM identities AS i
JOIN persons AS p ON p.person_no = i.person_no
LEFT JOIN insured AS n ON n.person_no = i.person_no
WHERE i.identity_start <= $on_day AND (i.identity_end IS NULL OR i.identity_end >= $on_day) AND (p.death_date IS NULL OR p.death_date > $on_day)
    AND i.identity_type NOT IN ('gongwuyuan', 'lixiu')
GROUP BY i.identity_type
ORDER BY i.identity_type NULLS LAST
