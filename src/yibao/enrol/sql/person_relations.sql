-- name: person_relations
-- purpose: 一个人的参保关系
-- takes: who text
SELECT e.enrolment_relation_id, e.insurance_type, e.person_category, e.enrolment_status, e.enrolment_start_date, e.enrolment_pause_date, m.employer_name,
    e.is_flexible_employment, e.is_civil_servant, e.insured_area_code
FROM enrolments AS e
LEFT JOIN employers AS m ON m.employer_code = e.employer_code
WHERE e.person_no = $who
ORDER BY e.enrolment_start_date NULLS LAST, e.enrolment_relation_id NULLS LAST
