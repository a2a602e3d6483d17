-- question: how much was spent over several days and stands on each of them with an even part?
-- grain: one row per source
-- parameters: none
select
  c.source,
  count(distinct c.campaign_id) as campaigns,
  count(*) as records,
  sum(c.cost_amount) as cost_amount
from fct_cost as c
where c.is_spread
group by c.source
order by c.source
