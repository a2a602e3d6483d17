-- question: which costs name no team, or one that the agreement does not have?
-- grain: one row per source, team named and team they count for
-- parameters: none
select
  c.source,
  c.named_team,
  c.team,
  count(*) as records,
  sum(c.cost_amount) as cost_amount,
  count(*) - count(c.cost_amount) as unvalued
from fct_cost as c
where c.named_team in ('(unknown)', '(unmapped)')
group by c.source, c.named_team, c.team
order by c.source, c.named_team, c.team
