-- question: of the leads that entered a stage, which reached a later one, and how soon?
-- grain: one row per lead and named step; skipped stages imputed, first entry
-- These are the steps that the agreement names, in its step_windows or in a KPI. Days are null where
-- one of the two entries has no known date.
with steps as (
  select
    a.stage_number,
    b.stage_number as next_number,
    w.stage,
    w.next_stage,
    w.window_days
  from agreement_step_window as w
  inner join agreement_stage as a on a.stage = w.stage
  inner join agreement_stage as b on b.stage = w.next_stage
  where w.is_named and b.stage_number > a.stage_number
),

arrived as (
  select
    s.stage_number,
    s.next_number,
    c.lead_id,
    n.placed_at,
    n.entered_day,
    n.has_time,
    n.date_known,
    row_number() over (
      partition by s.stage_number, s.next_number, c.lead_id
      order by
        case when n.date_known then 0 else 1 end, n.stage_number, n.placed_at, n.event_number
    ) as place
  from steps as s
  inner join fct_stage_count as c
    on c.stage_number = s.stage_number and c.is_imputed and c.is_first and c.date_known
  inner join fct_stage_count as n
    on n.lead_id = c.lead_id and n.stage_number >= s.next_number and n.is_imputed
      and (n.placed_at >= c.placed_at or not n.date_known)
)

select
  s.stage_number,
  s.next_number,
  s.stage,
  s.next_stage,
  s.window_days,
  c.lead_id,
  c.placed_at,
  c.entered_day,
  c.followed_days,
  c.began_imputed_day,
  r.lead_id is not null as is_converted,
  r.placed_at as converted_at,
  case
    when r.lead_id is null or not r.date_known then null
    when c.has_time and r.has_time then seconds_between(c.placed_at, r.placed_at) / 86400.0
    else days_between(c.entered_day, r.entered_day)
  end as days_to_convert,
  c.segment,
  c.region,
  c.persona,
  c.channel,
  c.raw_channel,
  c.lead_type,
  c.campaign_id,
  c.owner_id,
  c.owner,
  c.source
from steps as s
inner join fct_stage_count as c
  on c.stage_number = s.stage_number and c.is_imputed and c.is_first and c.date_known
left join arrived as r
  on r.stage_number = s.stage_number and r.next_number = s.next_number
    and r.lead_id = c.lead_id and r.place = 1
