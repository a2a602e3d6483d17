-- question: what do deals that no lead carried win, and how long after they were created?
-- grain: one row per key and days from creation to win
-- parameters: $from, $to (days of the deal's creation, half-open)
-- A win without a close date came at no known age: it is left out.
with scope as (
  select '(all)' as key, days_between(d.created_day, d.closed_day) as won_days, d.won_amount
  from fct_deal as d
  where
    d.carrier_lead_id is null and d.created_known and d.outcome = 'won'
    and d.closed_day is not null and d.created_day >= $from and d.created_day < $to
)

select s.key, s.won_days, coalesce(sum(s.won_amount), 0) as won_amount
from scope as s
group by s.key, s.won_days
order by s.key, s.won_days
