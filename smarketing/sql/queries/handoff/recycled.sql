-- question: how many leads were recycled in the window, and how many have come back?
-- grain: one row per key
-- parameters: $from, $to (days of the exit, half-open)
with scope as (
  select '(all)' as key, e.lead_number, e.event_number, e.next_stage_number
  from fct_stage_entry as e
  inner join agreement_exit as x on x.stage = e.stage
  where x.is_recycled and e.kind = 'exit'
    and e.entered_day >= $from and e.entered_day < $to
)

select
  s.key,
  count(*) as recycled,
  sum(case when s.next_stage_number is not null then 1 else 0 end) as returned
from scope as s
group by s.key
