-- question: which handovers were answered before the lead was assigned to its owner?
-- grain: one row per pass of a lead
-- parameters: $timezone
select
  p.lead_id,
  p.pass_number,
  p.qualified_at,
  p.response_at,
  p.response_touch_id,
  p.assigned_at,
  m.name as owner
from handoff_pass as p
left join map_member as m on m.member_id = p.owner_id
where
  (p.response_has_time and p.response_at < p.assigned_at)
  or p.response_day < local_day(p.assigned_at, $timezone)
order by p.lead_id, p.pass_number
