-- name: identities_in_year
-- purpose: 一年里有效过的困难群众身份
-- takes: first_day date, last_day date
SELECT person_no, identity_type, identity_start, identity_end
FROM identities
WHERE identity_start <= $last_day AND (identity_end IS NULL OR identity_end >= $first_day) AND identity_type NOT IN ('gongwuyuan', 'lixiu')
ORDER BY person_no NULLS LAST, identity_type NULLS LAST, identity_start NULLS LAST
