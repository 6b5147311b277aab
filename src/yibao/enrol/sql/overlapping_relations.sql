-- name: overlapping_relations
-- purpose: 时间重叠的两段职工、居民参保关系，连同判断保留哪一段要看的事：同一证件号码的（exact），姓名和出生日期相同而号码不同的（near，差几位由规则判断）
-- takes: most number
WITH relations AS (
    SELECT e.enrolment_relation_id, e.person_no, e.insurance_type, e.enrolment_start_date, e.enrolment_pause_date, e.employer_code,
        e.insured_area_code, e.person_category, p.id_document_type, p.id_document_no, p.person_name, p.birth_date, p.living_area_code
    FROM enrolments AS e
    JOIN persons AS p ON p.person_no = e.person_no
    WHERE e.insurance_type IN ('310', '390') AND e.enrolment_status <> '0'
), months AS (
    SELECT DISTINCT person_no, insurance_type, contribution_month, contribution_month // 100 * 12 + contribution_month % 100 AS at
    FROM contributions
), latest AS (
    SELECT person_no, insurance_type, MAX(at) AS at, MAX(contribution_month) AS last_month FROM months GROUP BY person_no, insurance_type
), paid AS (
    SELECT m.person_no, m.insurance_type, COUNT(*) AS months, MAX(l.last_month) AS last_month
    FROM months AS m
    JOIN latest AS l ON l.person_no = m.person_no AND l.insurance_type = m.insurance_type
    WHERE m.at > l.at - $most
    GROUP BY m.person_no, m.insurance_type
), pairs AS (
    SELECT 'exact' AS match_kind, a.enrolment_relation_id AS first_relation_id, b.enrolment_relation_id AS second_relation_id
    FROM relations AS a
    JOIN relations AS b ON b.id_document_type = a.id_document_type AND b.id_document_no = a.id_document_no
        AND a.enrolment_relation_id < b.enrolment_relation_id
    UNION ALL
    SELECT 'near' AS match_kind, a.enrolment_relation_id AS first_relation_id, b.enrolment_relation_id AS second_relation_id
    FROM relations AS a
    JOIN relations AS b ON b.person_name = a.person_name AND b.birth_date = a.birth_date AND b.id_document_no <> a.id_document_no
        AND a.enrolment_relation_id < b.enrolment_relation_id
)
SELECT k.match_kind, a.enrolment_relation_id AS first_relation_id, b.enrolment_relation_id AS second_relation_id, a.person_no AS first_person_no,
    b.person_no AS second_person_no, a.person_name, a.id_document_no AS first_id, b.id_document_no AS second_id,
    a.insurance_type AS first_insurance, b.insurance_type AS second_insurance, a.enrolment_start_date AS first_start,
    b.enrolment_start_date AS second_start, a.enrolment_pause_date AS first_pause, b.enrolment_pause_date AS second_pause,
    a.employer_code AS first_employer, b.employer_code AS second_employer, a.person_category AS first_category, b.person_category AS second_category, a.insured_area_code AS first_area, b.insured_area_code AS second_area,
    a.living_area_code AS first_home, b.living_area_code AS second_home, COALESCE(x.months, 0) AS first_months, COALESCE(y.months, 0) AS second_months,
    COALESCE(x.last_month, 0) AS first_last_month, COALESCE(y.last_month, 0) AS second_last_month
FROM pairs AS k
JOIN relations AS a ON a.enrolment_relation_id = k.first_relation_id
JOIN relations AS b ON b.enrolment_relation_id = k.second_relation_id
LEFT JOIN paid AS x ON x.person_no = a.person_no AND x.insurance_type = a.insurance_type
LEFT JOIN paid AS y ON y.person_no = b.person_no AND y.insurance_type = b.insurance_type
WHERE (a.enrolment_pause_date IS NULL OR b.enrolment_start_date < a.enrolment_pause_date)
    AND (b.enrolment_pause_date IS NULL OR a.enrolment_start_date < b.enrolment_pause_date)
ORDER BY a.enrolment_relation_id NULLS LAST, b.enrolment_relation_id NULLS LAST
