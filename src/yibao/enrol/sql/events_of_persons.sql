-- name: events_of_persons
-- purpose: 参保激励事件，逐人
-- takes: known_on date
SELECT person_no, benefit_year, incentive_event, effective_year, event_date, raise_amount
FROM enrolment_events
WHERE event_date <= $known_on
