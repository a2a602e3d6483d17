-- question: which campaigns of touches are none of those known, in how many touches and won deals?
-- grain: one row per source and campaign as it came; amounts in minor units, a deal under each
-- parameters: none
with lost as (
  select t.source, t.touch_id, t.raw_campaign
  from fct_touch as t
  where t.campaign_id = '(unmapped)'
),

won as (
  select distinct l.source, l.raw_campaign, c.unit_id, c.amount
  from fct_credit as c
  inner join lost as l on l.touch_id = c.touch_id
  where c.measure = 'revenue' and c.outcome = 'won'
),

revenue as (
  select w.source, w.raw_campaign, count(*) as deals, sum(w.amount) as amount
  from won as w
  group by w.source, w.raw_campaign
),

named as (
  select l.source, l.raw_campaign, count(*) as touches
  from lost as l
  group by l.source, l.raw_campaign
)

select n.source, n.raw_campaign, n.touches, coalesce(r.deals, 0) as won_deals,
  coalesce(r.amount, 0) as won_amount
from named as n
left join revenue as r on r.source = n.source and r.raw_campaign = n.raw_campaign
order by won_amount desc, n.touches desc, n.source, n.raw_campaign
