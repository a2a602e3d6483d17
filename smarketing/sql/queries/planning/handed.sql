-- question: how many leads were handed over to each owner lately?
-- grain: one row per owner
-- parameters: $from, $to (days of qualification, half-open)
with scope as (
  select '(all)' as key, h.owner_id, h.owner
  from fct_handoff as h
  where h.qualified_day >= $from and h.qualified_day < $to
)

select s.key, s.owner_id, count(*) as handovers
from scope as s
group by s.key, s.owner_id
