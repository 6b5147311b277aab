-- name: aided
-- purpose: 一个待遇年度资助参保的逐人依据：缴费、资助、缴费时有名单支持的身份
-- takes: year number, known_on date
WITH paid AS (
    SELECT person_no, MIN(paid_date) AS paid_date, CAST(SUM(person_amount) AS BIGINT) AS person_amount, CAST(SUM(subsidy_amount) AS BIGINT) AS subsidy_amount,
        MIN(identity_type) AS aided_by
    FROM contributions
    WHERE insurance_type = '390' AND benefit_year = $year AND paid_date <= $known_on
    GROUP BY person_no
    HAVING CAST(SUM(person_amount + subsidy_amount) AS BIGINT) > 0
)
SELECT p.person_no, q.person_name, q.id_document_no, COALESCE(q.living_area_code, q.residence_area_code) AS area_code, p.paid_date, p.person_amount,
    p.subsidy_amount, p.aided_by, i.identity_type, i.issuing_office, i.list_date, i.identity_start, i.identity_end
FROM paid AS p
JOIN persons AS q ON q.person_no = p.person_no
LEFT JOIN identities AS i ON i.person_no = p.person_no AND i.identity_start <= $known_on
    AND (i.identity_end IS NULL OR i.identity_end >= p.paid_date) AND i.identity_type NOT IN ('gongwuyuan', 'lixiu')
WHERE p.subsidy_amount <> 0 OR i.person_no IS NOT NULL
ORDER BY p.person_no NULLS LAST, i.identity_type NULLS LAST, i.identity_start NULLS LAST
