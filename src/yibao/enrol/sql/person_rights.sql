-- name: person_rights
-- purpose: 一个人的待遇等待期和限额激励
-- takes: who text
SELECT w.benefit_year, w.waiting_months, w.benefit_start_date, w.broken_years, w.repaired_years, w.waiting_exemption, w.is_in_window,
    COALESCE(r.continuous_years, 0) AS continuous_years, COALESCE(r.cap_raise, 0) AS cap_raise
FROM benefit_waiting AS w
LEFT JOIN cap_raises AS r ON r.person_no = w.person_no AND r.benefit_year = w.benefit_year
WHERE w.person_no = $who
ORDER BY w.benefit_year NULLS LAST
