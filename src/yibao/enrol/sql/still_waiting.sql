-- name: still_waiting
-- purpose: 某日还在等待期内的人
-- takes: on_day date
SELECT w.person_no, p.person_name, p.id_document_no, w.benefit_year, w.paid_date, w.broken_years, w.repaired_years, w.waiting_months, w.benefit_start_date
FROM benefit_waiting AS w
JOIN persons AS p ON p.person_no = w.person_no
WHERE w.paid_date <= $on_day AND w.benefit_start_date > $on_day AND w.waiting_months > 0
ORDER BY w.benefit_start_date NULLS LAST, w.person_no NULLS LAST
