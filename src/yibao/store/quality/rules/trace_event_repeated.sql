-- name: trace_event_repeated
-- purpose: 追溯码事件重复上传
SELECT trace_code, provider_code, event_time, MIN(event_id) AS first_event_id, MAX(event_id) AS last_event_id, COUNT(*) AS events
FROM trace_events
WHERE trace_event = 'sale'
GROUP BY trace_code, provider_code, event_time
HAVING COUNT(*) > 1
