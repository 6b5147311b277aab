-- name: person_head
-- purpose: 一个人的基本信息，按人员编号
-- takes: who text
SELECT p.person_no, p.id_document_no, p.person_name, p.sex_code, p.birth_date, p.death_date, r.area_name AS residence, l.area_name AS living
FROM persons AS p
LEFT JOIN areas AS r ON r.area_code = p.residence_area_code
LEFT JOIN areas AS l ON l.area_code = p.living_area_code
WHERE p.person_no = $who
