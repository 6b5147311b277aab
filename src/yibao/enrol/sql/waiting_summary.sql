-- name: waiting_summary
-- purpose: 等待期：每个待遇年度按情形的人数
SELECT benefit_year, is_in_window, broken_years, repaired_years, waiting_exemption, waiting_months, COUNT(*) AS people,
    MIN(benefit_start_date) AS first_start, MAX(benefit_start_date) AS last_start
FROM benefit_waiting
GROUP BY benefit_year, is_in_window, broken_years, repaired_years, waiting_exemption, waiting_months
ORDER BY benefit_year NULLS LAST, waiting_months NULLS LAST, is_in_window NULLS LAST, broken_years NULLS LAST, repaired_years NULLS LAST, waiting_exemption NULLS LAST
