-- question: what did winning customers cost, within the agreed boundary?
-- grain: one row per key
-- parameters: $from, $to (days the cost counts on, half-open)
with scope as (
  select '(all)' as key, c.cost_amount
  from fct_cost as c
  where c.is_acquisition and c.acquisition_day >= $from and c.acquisition_day < $to
)

select s.key, sum(s.cost_amount) as cost_amount
from scope as s
group by s.key
order by s.key
