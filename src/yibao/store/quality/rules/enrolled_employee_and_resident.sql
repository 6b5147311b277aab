-- name: enrolled_employee_and_resident
-- purpose: 职工医保和居民医保同时参保
SELECT r.person_no, r.enrolment_relation_id AS resident_relation_id, e.enrolment_relation_id AS employee_relation_id,
    r.enrolment_start_date AS resident_from, e.enrolment_start_date AS employee_from
FROM enrolments AS r
JOIN enrolments AS e ON r.person_no = e.person_no
    AND (r.enrolment_pause_date IS NULL OR e.enrolment_start_date < r.enrolment_pause_date)
    AND (e.enrolment_pause_date IS NULL OR r.enrolment_start_date < e.enrolment_pause_date)
WHERE r.insurance_type = '390' AND e.insurance_type = '310' AND r.enrolment_status <> '0' AND e.enrolment_status <> '0'
