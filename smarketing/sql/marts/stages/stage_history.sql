-- question: what does the source's own history say of each lead, in the agreement's stages?
-- parameters: $timezone
-- grain: one row per imported stage event; stage is null where neither a stage, an exit nor the
-- map of statuses knows it
with named as (
  select
    e.lead_id,
    e.source,
    e.stage as raw_stage,
    e.entered_at,
    e.entered_at_has_time as has_time,
    e.recorded_at,
    e.actor_id,
    e.reason,
    case
      when s.stage is not null then s.stage
      when x.stage is not null then x.stage
      else m.stage
    end as stage
  from lead_stage_event as e
  left join agreement_stage as s on lower(s.stage) = lower(trim(e.stage))
  left join agreement_exit as x on lower(x.stage) = lower(trim(e.stage))
  left join map_lead_status as m on m.source = e.source and m.status = e.stage
)

select
  k.lead_number,
  n.lead_id,
  n.source,
  n.raw_stage,
  coalesce(s.stage, x.stage) as stage,
  s.stage_number,
  case
    when s.stage is not null then 'entry'
    when x.stage is not null then 'exit'
  end as kind,
  n.entered_at,
  local_day(n.entered_at, $timezone) as entered_day,
  n.has_time,
  n.recorded_at,
  n.actor_id,
  n.reason
from named as n
inner join lead_key as k on k.lead_id = n.lead_id
left join agreement_stage as s on s.stage = n.stage
left join agreement_exit as x on x.stage = n.stage
