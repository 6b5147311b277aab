-- name: subsidies_received
-- purpose: 居民财政补助：各级应到、实到
-- takes: year number, known_on date
SELECT subsidy_level, MAX(insured_count) AS insured_count, MAX(standard_per_person) AS standard_per_person, CAST(SUM(subsidy_due) AS BIGINT) AS due,
    CAST(SUM(CASE WHEN received_date <= $known_on THEN subsidy_received ELSE 0 END) AS BIGINT) AS received, MAX(received_date) AS last_date, COUNT(*) AS receipts
FROM fiscal_subsidies
WHERE benefit_year = $year
GROUP BY subsidy_level
ORDER BY subsidy_level NULLS LAST
