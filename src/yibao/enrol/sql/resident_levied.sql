-- name: resident_levied
-- purpose: 居民一个待遇年度缴费与标准不符的人（个人缴费加资助不等于标准），和交了几次的人
-- takes: year number, standard number, known_on date
SELECT c.person_no, MIN(p.person_name) AS person_name, MIN(p.id_document_no) AS id_document_no, COUNT(*) AS receipts, MIN(c.paid_date) AS paid_date,
    CAST(SUM(c.person_amount) AS BIGINT) AS person_amount, CAST(SUM(c.subsidy_amount) AS BIGINT) AS subsidy_amount
FROM contributions AS c
JOIN persons AS p ON p.person_no = c.person_no
WHERE c.insurance_type = '390' AND c.benefit_year = $year AND c.paid_date <= $known_on
GROUP BY c.person_no
HAVING CAST(SUM(c.person_amount + c.subsidy_amount) AS BIGINT) <> $standard AND CAST(SUM(c.person_amount + c.subsidy_amount) AS BIGINT) <> 0
ORDER BY c.person_no NULLS LAST
