-- name: prescriber_not_registered
-- purpose: 开单医师没有在本机构登记
SELECT l.fee_line_no, l.prescriber_code, l.provider_code, l.service_time, l.line_amount
FROM fee_lines AS l
WHERE l.prescriber_code IS NOT NULL AND NOT EXISTS (
    SELECT 1 AS one FROM practitioner_registrations AS r
    WHERE r.practitioner_code = l.prescriber_code AND r.provider_code = l.provider_code
        AND r.valid_from <= CAST(l.service_time AS DATE) AND (r.valid_to IS NULL OR r.valid_to >= CAST(l.service_time AS DATE)))
