-- question: which stage events of the sources cannot be taken as they stand, and why?
-- grain: one row per stage event and fault
-- parameters: $as_of_day
with known as (
  select
    h.lead_number,
    h.lead_id,
    h.source,
    h.raw_stage,
    h.stage_number,
    h.kind,
    h.entered_at,
    h.entered_day,
    h.has_time,
    l.created_at,
    l.created_day,
    l.created_known and coalesce(l.created_has_time, false) as created_timed,
    l.created_known,
    count(*) over (partition by h.lead_number, h.entered_at) as at_once
  from stage_history as h
  inner join dim_lead as l on l.lead_id = h.lead_id
)

select k.lead_id, k.source, k.raw_stage as stage, k.entered_at, 'unknown stage' as fault
from known as k
where k.kind is null
union all
select k.lead_id, k.source, k.raw_stage as stage, k.entered_at, 'before the lead was created' as fault
from known as k
where
  k.created_known
  and (
    k.entered_day < k.created_day
    or (k.has_time and k.created_timed and k.entered_at < k.created_at)
  )
union all
select k.lead_id, k.source, k.raw_stage as stage, k.entered_at, 'several at one instant' as fault
from known as k
where k.has_time and k.at_once > 1
union all
select k.lead_id, k.source, k.raw_stage as stage, k.entered_at, 'later than the data' as fault
from known as k
where k.entered_day > $as_of_day
union all
select e.lead_id, e.source, e.next_stage as stage, e.next_at as entered_at, 'progress after an exit' as fault
from fct_stage_entry as e
inner join agreement_exit as x on x.stage = e.stage
where e.kind = 'exit' and not x.is_recycled and e.next_stage_number > 1
