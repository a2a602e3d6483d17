-- question: what did campaigns cost that have costs from several sources?
-- grain: one row per campaign and source
-- parameters: none
with spent as (
  select
    campaign_key(c.campaign) as campaign_key,
    c.campaign,
    c.source,
    count(*) as costs,
    min(c.incurred_on) as first_day,
    max(c.incurred_on) as last_day,
    sum(c.cost_amount) as cost_amount
  from fct_cost as c
  where c.campaign is not null and campaign_key(c.campaign) <> ''
  group by campaign_key(c.campaign), c.campaign, c.source
),

shared as (
  select s.campaign_key
  from spent as s
  where s.cost_amount > 0
  group by s.campaign_key
  having count(distinct s.source) > 1
)

select s.campaign, s.source, s.costs, s.first_day, s.last_day, s.cost_amount
from spent as s
inner join shared as h on h.campaign_key = s.campaign_key
order by s.campaign_key, s.source, s.campaign
