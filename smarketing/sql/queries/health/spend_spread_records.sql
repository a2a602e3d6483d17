-- question: which costs cover several days and stand on each of them with an even part?
-- grain: one row per cost and day
-- parameters: $source
select
  f.cost_id,
  f.incurred_on,
  c.covers_until,
  f.campaign,
  f.amount,
  f.currency,
  f.cost_amount
from fct_cost as f
inner join cost as c on c.cost_id = f.cost_id
where f.is_spread and f.source = $source
order by f.campaign, c.covers_until, f.incurred_on, f.cost_id
