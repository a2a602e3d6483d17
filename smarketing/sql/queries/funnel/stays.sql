-- question: how long do leads stay in each stage?
-- grain: one row per key, stage and basis (each stay, the latest stay, all stays of a lead)
-- parameters: $mode (cohort: leads that began in the window; entered: stays begun in it),
--   $from, $to
-- Completed stays only; running ones are counted beside, with how long they have run.
with scope as (
  select
    '(all)' as key, e.lead_number, e.stage_number, e.event_number, e.stay_days,
    case
      when not e.date_known or e.next_at is not null then null
      when e.has_time and e.placed_at <= b.as_of_at
        then seconds_between(e.placed_at, b.as_of_at) / 86400.0
      else days_between(e.entered_day, b.as_of_day)
    end as running_days
  from fct_stage_entry as e
  cross join build_info as b
  inner join lead_course as l on l.lead_number = e.lead_number
  where
    e.kind = 'entry'
    and (
      ($mode = 'cohort' and l.began_day >= $from and l.began_day < $to)
      or ($mode = 'entered' and e.date_known and e.entered_day >= $from and e.entered_day < $to)
    )
),

per_lead as (
  select
    s.key,
    s.stage_number,
    s.lead_number,
    sum(s.stay_days) as total_days,
    max(s.running_days) as running_days,
    last_by(s.stay_days, s.event_number) as latest_days,
    max(s.event_number) as latest_event,
    max(case when s.stay_days is not null then s.event_number end) as completed_event
  from scope as s
  group by s.key, s.stage_number, s.lead_number
),

stay as (
  select 'every' as basis, s.key, s.stage_number, s.stay_days, s.running_days
  from scope as s
  union all
  select
    'latest' as basis, p.key, p.stage_number,
    case when p.running_days is null and p.completed_event = p.latest_event
      then p.latest_days end as stay_days,
    p.running_days
  from per_lead as p
  union all
  select
    'cumulative' as basis, p.key, p.stage_number,
    case when p.running_days is null then p.total_days end as stay_days,
    case when p.running_days is not null then p.running_days + coalesce(p.total_days, 0) end
      as running_days
  from per_lead as p
)

select
  t.basis,
  t.key,
  t.stage_number,
  count(t.stay_days) as completed,
  quantile(t.stay_days, 0.5) as median_days,
  quantile(t.stay_days, 0.75) as p75_days,
  quantile(t.stay_days, 0.9) as p90_days,
  count(t.running_days) as running,
  quantile(t.running_days, 0.5) as running_median_days
from stay as t
group by t.basis, t.key, t.stage_number
order by t.basis, t.key, t.stage_number
