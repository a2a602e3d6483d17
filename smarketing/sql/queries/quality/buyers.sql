-- question: who buys: which personas and segments are the customers won?
-- grain: one row per key, segment and persona
-- parameters: $from, $to (days of the close, half-open)
-- Customers are accounts at their first won deal for new business; amounts are of all won deals.
with scope as (
  select '(all)' as key, d.segment, d.persona, d.region, d.is_first_win_new, d.won_amount
  from fct_deal as d
  where d.outcome = 'won' and d.closed_day >= $from and d.closed_day < $to
)

select
  s.key,
  s.segment,
  s.persona,
  s.region,
  sum(case when s.is_first_win_new then 1 else 0 end) as customers,
  count(*) as deals,
  coalesce(sum(s.won_amount), 0) as won_amount,
  sum(case when s.won_amount is null then 1 else 0 end) as lacking
from scope as s
group by s.key, s.segment, s.persona, s.region
