-- name: unrelieved
-- purpose: 救助对象一年里政策范围内个人负担（身份有效期内的结算，冲正已扣除）和医疗救助支付
-- takes: year number, known_on date
WITH held AS (
    SELECT DISTINCT s.settlement_id, i.person_no, i.identity_type
    FROM settlements AS s
    JOIN identities AS i ON i.person_no = s.person_no AND i.identity_start <= s.stay_start_date
        AND (i.identity_end IS NULL OR i.identity_end >= s.stay_start_date) AND i.identity_type NOT IN ('gongwuyuan', 'lixiu')
    WHERE s.benefit_year = $year
)
SELECT h.identity_type, s.care_type, s.person_no, MIN(p.person_name) AS person_name, MIN(p.id_document_no) AS id_document_no,
    MIN(COALESCE(p.living_area_code, p.residence_area_code)) AS area_code, COUNT(*) FILTER (WHERE NOT s.is_reversal) AS settlements,
    CAST(SUM(s.in_scope_total) AS BIGINT) AS in_scope, CAST(SUM(s.fund_pay_total - s.medical_aid_pay) AS BIGINT) AS other_funds,
    CAST(SUM(s.in_scope_total - s.fund_pay_total + s.medical_aid_pay) AS BIGINT) AS borne, CAST(SUM(s.medical_aid_pay) AS BIGINT) AS aid
FROM settlements AS s
JOIN held AS h ON h.settlement_id = s.settlement_id
JOIN persons AS p ON p.person_no = s.person_no
WHERE s.benefit_year = $year AND s.is_valid AND CAST(s.settlement_time AS DATE) <= $known_on
GROUP BY h.identity_type, s.care_type, s.person_no
ORDER BY s.person_no NULLS LAST, h.identity_type NULLS LAST, s.care_type NULLS LAST
