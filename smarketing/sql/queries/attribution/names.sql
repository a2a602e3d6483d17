-- question: what are the campaigns called?
-- grain: one row per campaign
-- parameters: none
select
  c.campaign_id as key,
  c.name as label
from dim_campaign as c
