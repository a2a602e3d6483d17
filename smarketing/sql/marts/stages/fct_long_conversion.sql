-- question: which leads that reached a stage went on to a later one in time?
-- grain: one row per lead and step that the agreement names; skipped stages imputed, first entry
-- W is the agreement's, else learned as stage_window learns it, from the conversions of this step.
with aged as (
  select
    a.stage_number,
    a.next_number,
    cast(ceil(a.days_to_convert) as int) as age_days,
    cast(floor(a.followed_days / 2) as int) as last_days
  from step_age as a
  where a.days_to_convert is not null and a.followed_days is not null
),

changes as (
  select a.stage_number, a.next_number, 1 as days, 1 as all_change, 0 as done_change
  from aged as a
  union all
  select a.stage_number, a.next_number, a.last_days + 1 as days, -1 as all_change,
    case when a.age_days <= a.last_days then -1 else 0 end as done_change
  from aged as a
  union all
  select a.stage_number, a.next_number, a.age_days as days, 0 as all_change, 1 as done_change
  from aged as a
  where a.age_days <= a.last_days
),

daily as (
  select c.stage_number, c.next_number, c.days, sum(c.all_change) as all_change,
    sum(c.done_change) as done_change
  from changes as c
  group by c.stage_number, c.next_number, c.days
),

running as (
  select
    d.stage_number,
    d.next_number,
    d.days,
    sum(d.all_change) over (
      partition by d.stage_number, d.next_number order by d.days
    ) as conversions,
    sum(d.done_change) over (partition by d.stage_number, d.next_number order by d.days) as done
  from daily as d
),

seen as (
  select r.stage_number, r.next_number, min(r.days) as days
  from running as r
  where r.conversions > 0 and r.done * 10 >= r.conversions * 9
  group by r.stage_number, r.next_number
),

judged as (
  select
    a.lead_id,
    a.stage_number,
    a.next_number,
    cast(coalesce(a.window_days, e.days, 90) as int) as window_days
  from step_age as a
  left join seen as e on e.stage_number = a.stage_number and e.next_number = a.next_number
)

select
  a.lead_id,
  a.stage_number as step_number,
  a.stage,
  a.next_stage,
  a.placed_at as entered_at,
  a.entered_day,
  a.converted_at,
  a.days_to_convert,
  a.followed_days,
  j.window_days,
  a.followed_days >= j.window_days and (not a.is_converted or a.days_to_convert is not null)
    as is_mature,
  a.is_converted,
  coalesce(a.days_to_convert <= j.window_days, false) as is_converted_within,
  a.began_imputed_day as began_day,
  a.segment,
  a.region,
  a.persona,
  a.channel,
  a.raw_channel,
  a.lead_type,
  a.campaign_id,
  a.owner_id,
  a.owner,
  a.source
from step_age as a
inner join judged as j
  on j.lead_id = a.lead_id and j.stage_number = a.stage_number and j.next_number = a.next_number
