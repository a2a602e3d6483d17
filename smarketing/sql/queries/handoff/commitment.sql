-- question: how many leads reached the stage marketing committed to, day by day, and of what kind?
-- grain: one row per key, day, lead type and segment
-- parameters: $stage, $from, $to (days of the first entry, half-open)
-- One that skipped the stage counts on the day it entered the next one, as in the funnel.
with scope as (
  select '(all)' as key, e.entered_day, e.lead_type, e.segment
  from fct_stage_count as e
  where
    e.stage = $stage and e.is_imputed and e.is_first and e.date_known
    and e.entered_day >= $from and e.entered_day < $to
)

select s.key, s.entered_day, s.lead_type, s.segment, count(*) as leads
from scope as s
group by s.key, s.entered_day, s.lead_type, s.segment
order by s.key, s.entered_day
