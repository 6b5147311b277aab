-- name: unproven_identities
-- purpose: 没有认定部门或名单日期、或名单晚于身份开始的人员身份
-- takes: on_day date
SELECT i.person_no, p.person_name, p.id_document_no, i.identity_type, i.issuing_office, i.identity_start, i.list_date
FROM identities AS i
JOIN persons AS p ON p.person_no = i.person_no
WHERE i.identity_start <= $on_day AND (i.identity_end IS NULL OR i.identity_end >= $on_day) AND i.identity_type NOT IN ('gongwuyuan', 'lixiu')
    AND (i.issuing_office IS NULL OR i.list_date IS NULL OR i.list_date > i.identity_start)
ORDER BY i.person_no NULLS LAST, i.identity_type NULLS LAST, i.identity_start NULLS LAST
