-- question: how many handovers were answered before the lead was assigned to its owner?
-- grain: one row
-- parameters: $timezone
select count(*) as records, min(p.lead_id) as example
from handoff_pass as p
where
  (p.response_has_time and p.response_at < p.assigned_at)
  or p.response_day < local_day(p.assigned_at, $timezone)
