-- name: burden_by_month
-- purpose: 每人一年里逐月的个人负担、总费用（净额），只列全年负担达到最低门槛的人
-- takes: year number, known_on date, least number
WITH monthly AS (
    SELECT person_no, YEAR(settlement_time) * 100 + MONTH(settlement_time) AS month, CAST(SUM(person_burden_total) AS BIGINT) AS burden,
        CAST(SUM(total_fee) AS BIGINT) AS fee, CAST(SUM(in_scope_total) AS BIGINT) AS in_scope, CAST(SUM(fund_pay_total) AS BIGINT) AS funds
    FROM settlements
    WHERE is_valid AND benefit_year = $year AND CAST(settlement_time AS DATE) <= $known_on
    GROUP BY person_no, YEAR(settlement_time) * 100 + MONTH(settlement_time)
), total AS (SELECT person_no FROM monthly GROUP BY person_no HAVING CAST(SUM(CASE WHEN burden > 0 THEN burden ELSE 0 END) AS BIGINT) >= $least)
SELECT m.person_no, p.person_name, p.id_document_no, COALESCE(p.living_area_code, p.residence_area_code) AS area_code, m.month, m.burden, m.fee,
    m.in_scope, m.funds
FROM monthly AS m
JOIN total AS t ON t.person_no = m.person_no
JOIN persons AS p ON p.person_no = m.person_no
ORDER BY m.person_no NULLS LAST, m.month NULLS LAST
