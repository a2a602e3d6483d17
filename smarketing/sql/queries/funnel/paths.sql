-- question: from which stage to which do leads really go, skips and returns included?
-- grain: one row per key, stage left and stage or exit entered next; next is null where they stay
-- parameters: $mode (cohort, entered), $from, $to
with scope as (
  select
    '(all)' as key, e.kind, e.stage, e.stage_number, e.next_stage, e.next_stage_number, e.stay_days
  from fct_stage_entry as e
  inner join lead_course as l on l.lead_number = e.lead_number
  where
    ($mode = 'cohort' and l.began_day >= $from and l.began_day < $to)
    or ($mode = 'entered' and e.date_known and e.entered_day >= $from and e.entered_day < $to)
)

select
  s.key,
  s.kind,
  s.stage,
  s.stage_number,
  s.next_stage,
  s.next_stage_number,
  count(*) as transitions,
  quantile(s.stay_days, 0.5) as median_days
from scope as s
group by s.key, s.kind, s.stage, s.stage_number, s.next_stage, s.next_stage_number
order by s.key, transitions desc, s.stage, s.next_stage
