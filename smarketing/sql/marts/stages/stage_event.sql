-- question: which stage events of a lead are there, imported or inferred, before they are ordered?
-- parameters: $timezone, $as_of_at, $as_of_day, $deal_opened, $deal_won, $deal_lost
-- grain: one row per event; events later than the build's as-of are not there yet
-- An entry at the load stamp of its lead happened on an unknown day: not after the lead went further.
with carrying as (
  select distinct d.lead_id from stage_deal as d
),

imported as (
  select
    h.lead_number,
    h.stage,
    h.stage_number,
    h.entered_at,
    h.entered_day,
    h.has_time,
    not (
      h.has_time
      and l.created_at is not null
      and not l.created_known
      and whole_second(h.entered_at) = whole_second(l.created_at)
    ) as date_known,
    h.recorded_at,
    h.actor_id,
    h.reason
  from stage_history as h
  inner join dim_lead as l on l.lead_id = h.lead_id
  left join carrying as c on c.lead_id = h.lead_id
  where
    h.stage is not null
    and (c.lead_id is null or h.stage not in ($deal_opened, $deal_won, $deal_lost))
),

dealt as (
  select
    k.lead_number,
    d.stage,
    d.entered_at,
    local_day(d.entered_at, $timezone) as entered_day,
    d.has_time,
    d.date_known,
    d.entered_at as recorded_at,
    d.actor_id,
    d.reason
  from stage_deal as d
  inner join lead_key as k on k.lead_id = d.lead_id
),

given as (
  select h.lead_number, h.stage_number, h.entered_at, h.entered_day, 1 as is_imported
  from imported as h
  union all
  select d.lead_number, s.stage_number, d.entered_at, d.entered_day, 0 as is_imported
  from dealt as d
  left join agreement_stage as s on s.stage = d.stage
),

-- what a lead had done further on before it was loaded
stamped as (
  select h.lead_number, h.stage_number, min(a.entered_at) as before_at,
    min(a.entered_day) as before_day
  from imported as h
  inner join given as a on a.lead_number = h.lead_number and a.entered_at < h.entered_at
  where not h.date_known and (a.stage_number > h.stage_number or h.stage_number = 1)
  group by h.lead_number, h.stage_number
),

known as (
  select
    a.lead_number,
    min(a.entered_at) as first_at,
    min(case when a.stage_number = 1 and a.is_imported = 1 then a.entered_at end)
      as first_stage_at,
    min(case when a.stage_number = 1 and a.is_imported = 1 then a.entered_day end)
      as first_stage_day,
    max(a.is_imported) as is_imported,
    max(1 - a.is_imported) as is_dealt,
    min(case when a.is_imported = 0 then a.entered_at end) as deal_at
  from given as a
  group by a.lead_number
),

begun as (
  select
    k.lead_number,
    l.source,
    l.status,
    l.created_has_time,
    l.created_known and l.created_at is not null as created_known,
    case
      when l.created_known and l.created_at is not null then l.created_at
      when n.first_at < coalesce(l.created_at, r.recorded_at, $as_of_at) then n.first_at
      else coalesce(l.created_at, r.recorded_at, $as_of_at)
    end as begun_at,
    coalesce(r.recorded_at, l.created_at, $as_of_at) as recorded_at,
    n.deal_at,
    coalesce(n.is_imported, 0) as is_imported,
    coalesce(n.is_dealt, 0) as is_dealt,
    n.first_stage_at is null
    or (l.created_known and n.first_at < n.first_stage_at and l.created_day < n.first_stage_day)
      as is_missing
  from dim_lead as l
  inner join lead_key as k on k.lead_id = l.lead_id
  left join lead as r on r.lead_id = l.lead_id
  left join known as n on n.lead_number = k.lead_number
  where not l.is_stub
),

stated as (
  select
    b.lead_number,
    m.stage,
    case
      when s.stage is not null and b.deal_at < b.recorded_at then b.deal_at
      when b.recorded_at < b.begun_at then b.begun_at
      else b.recorded_at
    end as entered_at,
    b.recorded_at
  from begun as b
  inner join map_lead_status as m on m.source = b.source and m.status = b.status
  left join agreement_stage as s on s.stage = m.stage
  left join agreement_exit as x on x.stage = m.stage
  where
    b.is_imported = 0
    and (
      (s.stage_number > 1 and (b.is_dealt = 0 or s.stage not in ($deal_opened, $deal_won)))
      or (x.stage is not null and b.is_dealt = 0)
    )
),

everything as (
  select
    h.lead_number,
    h.stage,
    coalesce(p.before_at, h.entered_at) as entered_at,
    coalesce(p.before_day, h.entered_day) as entered_day,
    h.has_time,
    h.date_known,
    h.recorded_at,
    'imported' as origin,
    h.actor_id,
    h.reason
  from imported as h
  left join stamped as p
    on p.lead_number = h.lead_number and p.stage_number = h.stage_number and not h.date_known
  union all
  select
    d.lead_number, d.stage, d.entered_at, d.entered_day, d.has_time, d.date_known,
    d.recorded_at, 'inferred' as origin, d.actor_id, d.reason
  from dealt as d
  union all
  select
    b.lead_number, s.stage, b.begun_at as entered_at,
    local_day(b.begun_at, $timezone) as entered_day,
    coalesce(b.created_has_time, true) as has_time, b.created_known as date_known,
    b.recorded_at, 'inferred' as origin, cast(null as text) as actor_id,
    cast(null as text) as reason
  from begun as b
  inner join agreement_stage as s on s.stage_number = 1
  where b.is_missing
  union all
  select
    t.lead_number, t.stage, t.entered_at, local_day(t.entered_at, $timezone) as entered_day,
    true as has_time, false as date_known, t.recorded_at, 'inferred' as origin,
    cast(null as text) as actor_id, cast(null as text) as reason
  from stated as t
)

select
  e.lead_number,
  n.stage_order,
  n.stage_number,
  n.kind,
  e.entered_at,
  e.entered_day,
  e.has_time,
  e.date_known,
  e.recorded_at,
  e.origin,
  e.actor_id,
  e.reason
from everything as e
inner join stage_name as n on n.stage = e.stage
where e.entered_day <= $as_of_day
