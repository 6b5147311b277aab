-- name: proposals_told
-- purpose: 重复参保处理建议，连同姓名和险种
SELECT d.proposal_id, d.proposal_status, p.person_no, p.person_name, p.id_document_no, d.duplicate_kind, d.match_kind, d.first_relation_id,
    d.second_relation_id, d.overlap_from, d.overlap_to, d.keep_relation_id, d.proposal_reason, d.decided_by, d.decided_on,
    a.insurance_type AS first_insurance, b.insurance_type AS second_insurance
FROM enrolment_duplicates AS d
LEFT JOIN enrolments AS a ON a.enrolment_relation_id = d.first_relation_id
LEFT JOIN enrolments AS b ON b.enrolment_relation_id = d.second_relation_id
LEFT JOIN persons AS p ON p.person_no = a.person_no
ORDER BY d.proposal_status DESC NULLS LAST, d.match_kind NULLS LAST, d.proposal_id NULLS LAST
