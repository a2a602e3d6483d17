-- question: how much has been won already?
-- grain: one row per key
-- parameters: $from, $to (days of the close, half-open)
with scope as (
  select '(all)' as key, d.won_amount
  from fct_deal as d
  where d.outcome = 'won' and d.closed_day >= $from and d.closed_day < $to
)

select
  s.key, count(*) as deals, coalesce(sum(s.won_amount), 0) as won_amount,
  sum(case when s.won_amount is null then 1 else 0 end) as lacking
from scope as s
group by s.key
