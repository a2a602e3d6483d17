-- question: which costs name no team, or one that the agreement does not have?
-- grain: one row per cost
-- parameters: $source, $named_team
select
  f.cost_id,
  f.incurred_on,
  c.team as named,
  f.team as counts_for,
  f.category,
  f.campaign,
  f.amount,
  f.currency,
  f.cost_amount
from fct_cost as f
inner join cost as c on c.cost_id = f.cost_id
where f.source = $source and f.named_team = $named_team
order by f.incurred_on, f.cost_id
