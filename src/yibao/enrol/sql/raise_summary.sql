-- name: raise_summary
-- purpose: 限额激励：每个待遇年度按连续年数和提高额的人数
SELECT benefit_year, continuous_years, original_cap, cap_raise, COUNT(*) AS people
FROM cap_raises
GROUP BY benefit_year, continuous_years, original_cap, cap_raise
ORDER BY benefit_year NULLS LAST, continuous_years NULLS LAST, cap_raise NULLS LAST
