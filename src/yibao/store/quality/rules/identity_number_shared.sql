-- name: identity_number_shared
-- purpose: 同一证件号码有两个人员编号
SELECT id_document_type, id_document_no, MIN(person_no) AS first_person_no, MAX(person_no) AS last_person_no, COUNT(*) AS persons
FROM persons
GROUP BY id_document_type, id_document_no
HAVING COUNT(*) > 1
