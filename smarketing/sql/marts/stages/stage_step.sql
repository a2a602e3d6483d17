-- question: when did each stage entry lead on to the next stage, as observed and as imputed?
-- grain: one row per stage entry of a lead; the _at columns are null where it never led on
-- Imputed, an entry leads on whenever any later stage was entered at or after it: where the next
-- stage was entered before it only, the date is that of the next stage entered at or after it.
with aimed as (
  select
    e.lead_number,
    e.stage_number,
    e.event_number,
    e.placed_at,
    case when r.next_number = r.stage_number + 1 then r.next_number end as observed_number,
    r.imputed_next_number as imputed_number
  from fct_stage_entry as e
  inner join stage_reach as r
    on r.lead_number = e.lead_number and r.stage_number = e.stage_number
  where e.kind = 'entry' and r.next_number is not null
),

beyond as (
  select
    a.lead_number,
    a.event_number,
    a.placed_at,
    coalesce(min(case when l.dated = 1 then l.stage_number end), min(l.stage_number))
      as stage_number
  from aimed as a
  inner join stage_reach as n
    on n.lead_number = a.lead_number and n.stage_number = a.imputed_number
  inner join stage_reach as l on l.lead_number = a.lead_number
  where
    n.last_at < a.placed_at and l.stage_number > a.stage_number and l.last_at >= a.placed_at
  group by a.lead_number, a.event_number, a.placed_at
),

target as (
  select
    a.lead_number,
    a.event_number,
    a.placed_at,
    a.imputed_number as stage_number,
    a.observed_number = a.imputed_number as is_observed,
    true as is_imputed
  from aimed as a
  union all
  select
    a.lead_number,
    a.event_number,
    a.placed_at,
    a.observed_number as stage_number,
    true as is_observed,
    false as is_imputed
  from aimed as a
  where a.observed_number is not null and a.observed_number <> a.imputed_number
  union all
  select
    b.lead_number,
    b.event_number,
    b.placed_at,
    b.stage_number,
    false as is_observed,
    true as is_imputed
  from beyond as b
),

measured as (
  select
    t.lead_number,
    t.event_number,
    t.placed_at,
    t.stage_number,
    t.is_observed,
    t.is_imputed,
    r.first_at,
    r.first_day,
    r.first_timed,
    r.dated
  from target as t
  inner join stage_reach as r
    on r.lead_number = t.lead_number and r.stage_number = t.stage_number
  where r.last_at >= t.placed_at
),

searched as (
  select
    m.lead_number,
    m.event_number,
    m.is_observed,
    m.is_imputed,
    m.dated,
    e.placed_at as step_at,
    e.entered_day as step_day,
    case when e.has_time then 1 else 0 end as step_timed,
    row_number() over (
      partition by m.lead_number, m.event_number, m.stage_number
      order by e.placed_at, e.event_number
    ) as choice
  from measured as m
  inner join fct_stage_entry as e
    on e.lead_number = m.lead_number
    and e.stage_number = m.stage_number
    and e.placed_at >= m.placed_at
  where m.first_at < m.placed_at
),

stepped as (
  select
    m.lead_number, m.event_number, m.is_observed, m.is_imputed, m.dated,
    m.first_at as step_at, m.first_day as step_day, m.first_timed as step_timed
  from measured as m
  where m.first_at >= m.placed_at
  union all
  select
    s.lead_number, s.event_number, s.is_observed, s.is_imputed, s.dated,
    s.step_at, s.step_day, s.step_timed
  from searched as s
  where s.choice = 1
)

select
  p.lead_number,
  p.event_number,
  max(case when p.is_observed then p.step_at end) as observed_at,
  max(case when p.is_observed then p.step_day end) as observed_day,
  max(case when p.is_observed then p.step_timed end) as observed_timed,
  max(case when p.is_observed then p.dated end) as observed_dated,
  max(case when p.is_imputed then p.step_at end) as imputed_at,
  max(case when p.is_imputed then p.step_day end) as imputed_day,
  max(case when p.is_imputed then p.step_timed end) as imputed_timed,
  max(case when p.is_imputed then p.dated end) as imputed_dated
from stepped as p
group by p.lead_number, p.event_number
