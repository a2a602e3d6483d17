-- question: which campaigns have costs from several sources, so that money may count twice?
-- grain: one row per campaign, by its name as names are compared
-- parameters: none
with spent as (
  select
    campaign_key(c.campaign) as campaign_key,
    c.source,
    min(c.campaign) as campaign,
    sum(c.cost_amount) as cost_amount
  from fct_cost as c
  where c.campaign is not null and campaign_key(c.campaign) <> ''
  group by campaign_key(c.campaign), c.source
)

select
  s.campaign_key,
  min(s.campaign) as campaign,
  min(s.source) as one_source,
  max(s.source) as other_source,
  count(*) as sources,
  min(s.cost_amount) as least_amount
from spent as s
where s.cost_amount > 0
group by s.campaign_key
having count(*) > 1
order by least_amount desc, s.campaign_key
