-- question: what do sales and customers say is missing?
-- grain: one row per key, who said it and words
-- parameters: $from, $to (days, half-open)
-- Why sales rejected what it was handed, by the day it was handed over; why deals were lost, by the
-- day of the close; what customers wrote, by the day they were asked.
with scope as (
  select
    '(all)' as key, 'rejected' as said_as, h.reason as words, h.qualified_day as said_on
  from fct_handoff as h
  where h.is_rejected and h.qualified_day >= $from and h.qualified_day < $to
  union all
  select
    '(all)' as key, 'lost' as said_as, d.lost_reason as words, d.closed_day as said_on
  from fct_deal as d
  where d.outcome = 'lost' and d.closed_day >= $from and d.closed_day < $to
  union all
  select
    '(all)' as key, 'written' as said_as, f.comment as words, f.asked_day as said_on
  from fct_feedback as f
  where f.comment is not null and f.asked_day >= $from and f.asked_day < $to
)

select
  s.key,
  s.said_as,
  coalesce(nullif(trim(s.words), ''), '(no reason given)') as words,
  count(*) as times,
  max(s.said_on) as last_on
from scope as s
group by s.key, s.said_as, coalesce(nullif(trim(s.words), ''), '(no reason given)')
order by s.key, s.said_as, times desc, words
