-- name: insured_total
-- purpose: 有效参保总人数（按证件号码去重），其中职工
-- takes: on_day date
WITH insured AS (
    SELECT p.id_document_type, p.id_document_no, MAX(CASE WHEN e.insurance_type = '390' THEN 0 ELSE 1 END) AS employee, COUNT(*) AS relations
    FROM enrolments AS e
    JOIN persons AS p ON p.person_no = e.person_no
    WHERE e.insurance_type IN ('310', '340', '390') AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $on_day
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on_day) AND (p.death_date IS NULL OR p.death_date > $on_day)
    GROUP BY p.id_document_type, p.id_document_no
)
SELECT COUNT(*) AS insured, COALESCE(CAST(SUM(employee) AS BIGINT), 0) AS employees, COUNT(*) FILTER (WHERE relations > 1) AS several
FROM insured
