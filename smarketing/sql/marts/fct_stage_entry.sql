-- question: which stage did each lead enter or leave, when, and what came next?
-- parameters: $as_of_at, $as_of_day
-- grain: one row per stage entry or exit of a lead, numbered in the lead's own order
-- Order: instant, then stage number, exits last. A day without a time stands at its start, but not
-- before what the lead did earlier in the funnel with a time on that day (placed_at).
with placed as (
  select
    e.lead_number,
    e.stage,
    e.stage_number,
    e.stage_order,
    e.kind,
    e.entered_at,
    e.entered_day,
    e.has_time,
    e.date_known,
    e.recorded_at,
    e.origin,
    e.actor_id,
    e.reason,
    case
      when e.has_time then e.entered_at
      else coalesce(
        max(case when e.has_time then e.entered_at end) over (
          partition by e.lead_number, e.entered_day
          order by e.stage_order
          rows between unbounded preceding and current row
        ),
        e.entered_at
      )
    end as placed_at
  from stage_event as e
),

ordered as (
  select
    p.lead_number,
    p.stage,
    p.stage_number,
    p.kind,
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
      partition by p.lead_number order by p.placed_at, p.stage_order, p.stage, p.entered_at
    ) as event_number
  from placed as p
),

followed as (
  select
    o.lead_number,
    o.event_number,
    o.stage,
    o.stage_number,
    o.kind,
    o.entered_at,
    o.entered_day,
    o.has_time,
    o.date_known,
    o.recorded_at,
    o.origin,
    o.actor_id,
    o.reason,
    o.placed_at,
    row_number() over (
      partition by o.lead_number, o.stage order by o.event_number
    ) as entry_number,
    lead(o.placed_at) over (partition by o.lead_number order by o.event_number) as next_at,
    lead(o.entered_day) over (partition by o.lead_number order by o.event_number) as next_day,
    lead(o.has_time) over (partition by o.lead_number order by o.event_number) as next_has_time,
    lead(o.date_known) over (partition by o.lead_number order by o.event_number)
      as next_date_known,
    lead(o.stage) over (partition by o.lead_number order by o.event_number) as next_stage,
    lead(o.stage_number) over (partition by o.lead_number order by o.event_number)
      as next_stage_number
  from ordered as o
)

select
  f.lead_number,
  k.lead_id,
  f.event_number,
  f.stage,
  f.stage_number,
  f.kind,
  f.entered_at,
  f.entered_day,
  f.has_time,
  f.date_known,
  f.recorded_at,
  f.entry_number,
  f.origin,
  f.actor_id,
  f.reason,
  f.placed_at,
  f.next_at,
  f.next_stage,
  f.next_stage_number,
  case
    when not f.date_known or not f.next_date_known then null
    when f.has_time and f.next_has_time then seconds_between(f.placed_at, f.next_at) / 86400.0
    else days_between(f.entered_day, f.next_day)
  end as stay_days,
  case
    when not f.date_known or f.next_at is not null then null
    when f.has_time and f.placed_at <= $as_of_at
      then seconds_between(f.placed_at, $as_of_at) / 86400.0
    else days_between(f.entered_day, $as_of_day)
  end as running_days,
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
