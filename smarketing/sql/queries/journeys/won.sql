-- question: which deals were won in a window, and for how much?
-- grain: one row per won deal
-- parameters: $from, $to
with scope as (
  select
    '(all)' as key,
    d.deal_id,
    d.name,
    d.closed_day,
    d.won_amount
  from fct_deal as d
  where d.outcome = 'won' and d.closed_day >= $from and d.closed_day < $to
)
select deal_id, name, closed_day, won_amount
from scope
order by won_amount desc, deal_id
