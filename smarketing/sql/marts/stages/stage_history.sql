-- question: what does the source's own history say of each lead, in the agreement's stages?
-- parameters: $timezone
-- grain: one row per imported stage event; stage is null where the map of statuses does not know it
select
  k.lead_number,
  e.lead_id,
  e.source,
  e.stage as raw_stage,
  m.stage,
  s.stage_number,
  m.kind,
  e.entered_at,
  local_day(e.entered_at, $timezone) as entered_day,
  e.entered_at_has_time as has_time,
  e.recorded_at,
  e.actor_id,
  e.reason
from lead_stage_event as e
inner join lead_key as k on k.lead_id = e.lead_id
left join map_lead_status as m on m.source = e.source and m.status = e.stage
left join agreement_stage as s on s.stage = m.stage
