-- name: settled_without_enrolment
-- purpose: 结算时没有参保
SELECT s.settlement_id, s.person_no, s.insurance_type, s.provider_code, s.stay_start_date, s.fund_pay_total
FROM settlements AS s
WHERE s.is_valid AND NOT s.is_reversal AND NOT EXISTS (
    SELECT 1 AS one FROM enrolments AS e
    WHERE e.person_no = s.person_no AND e.insurance_type = s.insurance_type AND e.enrolment_start_date <= s.stay_start_date
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= s.stay_start_date))
