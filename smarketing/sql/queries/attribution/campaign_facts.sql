-- question: what are the campaigns, by channel, persona and state, and what were they given?
-- grain: one row per campaign
-- parameters: none
select
  campaign_id, name, channel, persona, status, starts_on, ends_on, budget_amount, owner
from dim_campaign
order by campaign_id
