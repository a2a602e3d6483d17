-- question: which deals joined the funnel at opportunity, carried by no lead?
-- grain: one row
-- parameters: $from, $to (days of the deal's creation, half-open)
with scope as (
  select '(all)' as key, d.created_known, d.created_day, d.outcome
  from fct_deal as d
  where d.carrier_lead_id is null
)

select
  coalesce(sum(case
    when s.created_known and s.created_day >= $from and s.created_day < $to then 1 else 0
  end), 0) as created,
  coalesce(sum(case
    when s.created_known and s.created_day >= $from and s.created_day < $to and s.outcome = 'won'
      then 1
    else 0
  end), 0) as won,
  coalesce(sum(case when s.created_known then 0 else 1 end), 0) as created_unknown,
  coalesce(sum(case when not s.created_known and s.outcome = 'won' then 1 else 0 end), 0)
    as won_unknown
from scope as s
