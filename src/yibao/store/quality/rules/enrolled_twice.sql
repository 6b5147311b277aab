-- name: enrolled_twice
-- purpose: 同一险种重复参保
SELECT a.person_no, a.insurance_type, a.enrolment_relation_id AS first_relation_id, b.enrolment_relation_id AS second_relation_id,
    b.enrolment_start_date AS overlaps_from
FROM enrolments AS a
JOIN enrolments AS b ON a.person_no = b.person_no AND a.insurance_type = b.insurance_type
    AND (a.enrolment_start_date < b.enrolment_start_date
        OR (a.enrolment_start_date = b.enrolment_start_date AND a.enrolment_relation_id < b.enrolment_relation_id))
    AND (a.enrolment_pause_date IS NULL OR b.enrolment_start_date < a.enrolment_pause_date)
WHERE a.enrolment_status <> '0' AND b.enrolment_status <> '0'
