-- name: event_summary
-- purpose: 激励事件：每个待遇年度各类事件的人数和限额变动合计
SELECT benefit_year, incentive_event, COUNT(*) AS people, CAST(SUM(raise_amount) AS BIGINT) AS raise_amount
FROM enrolment_events
GROUP BY benefit_year, incentive_event
ORDER BY benefit_year NULLS LAST, incentive_event NULLS LAST
