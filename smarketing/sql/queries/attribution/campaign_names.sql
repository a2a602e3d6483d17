-- question: what are the campaigns called?
-- grain: one row per campaign
-- parameters: none
with scope as (
  select '(all)' as key, c.campaign_id, c.name
  from dim_campaign as c
)

select s.key, s.campaign_id, s.name
from scope as s
order by s.campaign_id
