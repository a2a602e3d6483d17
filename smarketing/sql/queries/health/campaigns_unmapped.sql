-- question: how many touches have a campaign that is none of those known, and what did deals bring?
-- grain: one row if there is any
-- parameters: none
with lost as (
  select t.touch_id, t.raw_campaign
  from fct_touch as t
  where t.campaign_id = '(unmapped)'
),

won as (
  select distinct c.unit_id, c.amount
  from fct_credit as c
  inner join lost as l on l.touch_id = c.touch_id
  where c.measure = 'revenue' and c.outcome = 'won'
),

revenue as (
  select count(*) as deals, sum(w.amount) as amount
  from won as w
),

named as (
  select count(*) as touches, min(l.raw_campaign) as example
  from lost as l
)

select n.touches, n.example, r.deals, r.amount, b.minor_digits as digits
from named as n
cross join revenue as r
cross join build_info as b
where n.touches > 0
