-- name: proposals
-- purpose: 现有的重复参保处理建议
SELECT proposal_id, duplicate_kind, match_kind, first_relation_id, second_relation_id, overlap_from, overlap_to, keep_relation_id, proposal_reason,
    rule_source, proposal_status, decided_by, decided_on
FROM enrolment_duplicates
ORDER BY proposal_id NULLS LAST
