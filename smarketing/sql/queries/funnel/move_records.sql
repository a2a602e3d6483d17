-- question: which leads moved from which stage to which, and how long had they stayed?
-- grain: one row per stage event
-- parameters: $mode (cohort, entered), $from, $to
with scope as (
  select
    '(all)' as key, e.lead_id, e.event_number, e.stage, e.entered_at, e.next_stage, e.next_at,
    e.stay_days,
    case
      when not e.date_known or e.next_at is not null then null
      when e.has_time and e.placed_at <= b.as_of_at
        then seconds_between(e.placed_at, b.as_of_at) / 86400.0
      else days_between(e.entered_day, b.as_of_day)
    end as running_days,
    e.reason, e.segment, e.channel, e.owner
  from fct_stage_entry as e
  cross join build_info as b
  inner join lead_course as l on l.lead_number = e.lead_number
  where
    ($mode = 'cohort' and l.began_day >= $from and l.began_day < $to)
    or ($mode = 'entered' and e.date_known and e.entered_day >= $from and e.entered_day < $to)
)

select
  s.key, s.lead_id, s.stage, s.entered_at, s.next_stage, s.next_at, s.stay_days, s.running_days,
  s.reason, s.segment, s.channel, s.owner
from scope as s
order by s.entered_at, s.lead_id, s.event_number
