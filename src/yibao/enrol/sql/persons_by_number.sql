-- name: persons_by_number
-- purpose: 证件号码对应的人员编号
-- takes: id_document_no text
SELECT person_no FROM persons WHERE id_document_no = $id_document_no ORDER BY person_no NULLS LAST
