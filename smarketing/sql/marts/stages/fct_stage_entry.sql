-- question: which stage did each lead enter or leave, when, and what came next?
-- grain: one row per stage entry or exit of a lead, numbered in the lead's own order
-- Order: instant, then stage number, exits last; of two alike the one of known date first, then
-- what was recorded first, then by who and why, so that the order of rows changes nothing. A day
-- without a time stands at its start, but not before what the lead did earlier in the funnel with a
-- time on that day (placed_at). stated_stage is where the source says that a lead without deals
-- stands, from stated_at on: the history keeps what was, a snapshot follows what is said.
with carrying as (
  select d.lead_id
  from stage_deal as d
),

stated as (
  select k.lead_number, m.stage, s.stage_number, r.recorded_at as stated_at
  from dim_lead as l
  inner join lead_key as k on k.lead_id = l.lead_id
  inner join lead as r on r.lead_id = l.lead_id
  inner join map_lead_status as m on m.source = l.source and m.status = l.status
  inner join stage_name as s on s.stage = m.stage
  left join carrying as c on c.lead_id = l.lead_id
  where c.lead_id is null and r.recorded_at is not null
),

same_day as (
  select d.lead_number, d.entered_day, d.stage_order, max(t.entered_at) as placed_at
  from stage_event as d
  inner join stage_event as t
    on t.lead_number = d.lead_number
    and t.entered_day = d.entered_day
    and t.stage_order <= d.stage_order
  where not d.has_time and t.has_time
  group by d.lead_number, d.entered_day, d.stage_order
),

placed as (
  select
    e.lead_number,
    e.stage_order,
    e.entered_at,
    e.entered_day,
    e.has_time,
    e.date_known,
    e.recorded_at,
    e.origin,
    e.actor_id,
    e.reason,
    case when e.has_time then e.entered_at else coalesce(d.placed_at, e.entered_at) end
      as placed_at,
    case when e.date_known then 0 else 1 end as undated
  from stage_event as e
  left join same_day as d
    on d.lead_number = e.lead_number
    and d.entered_day = e.entered_day
    and d.stage_order = e.stage_order
    and not e.has_time
),

ordered as (
  select
    p.lead_number,
    p.stage_order,
    p.entered_at,
    p.entered_day,
    p.has_time,
    p.date_known,
    p.recorded_at,
    p.origin,
    p.actor_id,
    p.reason,
    p.placed_at,
    row_number() over (
      partition by p.lead_number
      order by
        p.placed_at,
        p.stage_order,
        p.entered_at,
        p.undated,
        p.has_time,
        p.recorded_at,
        p.origin,
        p.actor_id,
        p.reason
    ) as event_number
  from placed as p
),

followed as (
  select
    o.lead_number,
    o.stage_order,
    o.entered_at,
    o.entered_day,
    o.has_time,
    o.date_known,
    o.recorded_at,
    o.origin,
    o.actor_id,
    o.reason,
    o.placed_at,
    o.event_number,
    lead(o.placed_at) over (partition by o.lead_number order by o.event_number) as next_at,
    lead(o.entered_day) over (partition by o.lead_number order by o.event_number) as next_day,
    lead(o.has_time) over (partition by o.lead_number order by o.event_number) as next_has_time,
    lead(o.date_known) over (partition by o.lead_number order by o.event_number)
      as next_date_known,
    lead(o.stage_order) over (partition by o.lead_number order by o.event_number) as next_order
  from ordered as o
),

repeated as (
  select f.lead_number, f.stage_order
  from followed as f
  group by f.lead_number, f.stage_order
  having count(*) > 1
),

numbered as (
  select
    f.lead_number,
    f.event_number,
    row_number() over (partition by f.lead_number, f.stage_order order by f.event_number)
      as entry_number
  from followed as f
  inner join repeated as r on r.lead_number = f.lead_number and r.stage_order = f.stage_order
)

select
  f.lead_number,
  k.lead_id,
  f.event_number,
  s.stage,
  s.stage_number,
  s.kind,
  f.entered_at,
  f.entered_day,
  f.has_time,
  f.date_known,
  case when f.date_known then f.entered_day end as known_day,
  f.recorded_at,
  coalesce(n.entry_number, 1) as entry_number,
  f.origin,
  f.actor_id,
  f.reason,
  f.placed_at,
  f.next_at,
  d.stage as stated_stage,
  d.stage_number as stated_stage_number,
  d.stated_at,
  t.stage as next_stage,
  t.stage_number as next_stage_number,
  case
    when not f.date_known or not f.next_date_known then null
    when f.has_time and f.next_has_time then seconds_between(f.placed_at, f.next_at) / 86400.0
    else days_between(f.entered_day, f.next_day)
  end as stay_days,
  k.segment,
  k.region,
  k.persona,
  k.channel,
  k.raw_channel,
  k.lead_type,
  k.campaign_id,
  k.owner_id,
  k.owner,
  k.source
from followed as f
inner join lead_key as k on k.lead_number = f.lead_number
inner join stage_name as s on s.stage_order = f.stage_order
left join stage_name as t on t.stage_order = f.next_order
left join stated as d on d.lead_number = f.lead_number
left join numbered as n
  on n.lead_number = f.lead_number and n.event_number = f.event_number
