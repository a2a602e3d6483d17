-- question: which campaigns share a name, and are still counted apart?
-- grain: one row per name
-- parameters: none
select
  min(c.name) as name,
  count(*) as campaigns,
  min(c.campaign_id) as example
from dim_campaign as c
where c.name is not null
group by lower(trim(c.name))
having count(*) > 1
order by campaigns desc, name
