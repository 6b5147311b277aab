-- name: person_identities
-- purpose: 一个人的身份
-- takes: who text
SELECT identity_type, identity_start, identity_end, issuing_office, list_date
FROM identities
WHERE person_no = $who
ORDER BY identity_start NULLS LAST, identity_type NULLS LAST
