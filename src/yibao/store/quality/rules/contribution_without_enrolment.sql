-- name: contribution_without_enrolment
-- purpose: 缴费时没有参保
SELECT c.contribution_id, c.person_no, c.insurance_type, c.contribution_month, c.paid_date
FROM contributions AS c
WHERE NOT EXISTS (
    SELECT 1 AS one FROM enrolments AS e
    WHERE e.person_no = c.person_no AND e.insurance_type = c.insurance_type
        AND YEAR(e.enrolment_start_date) * 100 + MONTH(e.enrolment_start_date) <= c.contribution_month
        AND (e.enrolment_pause_date IS NULL
            OR YEAR(e.enrolment_pause_date) * 100 + MONTH(e.enrolment_pause_date) >= c.contribution_month))
