-- question: which customers of the opening cohort are under the figures of who stayed?
-- grain: one row per customer
-- parameters: $from, $to (days of the period, half-open)
with scope as (
  select
    '(all)' as key, c.customer_id, c.account_id, c.account, c.won_day, c.channel, c.persona,
    c.campaign_id, c.segment, c.owner
  from fct_customer as c
)

select
  s.key, s.customer_id, s.account_id, s.account, s.won_day, s.channel, s.persona, s.campaign_id,
  s.segment, s.owner, r.is_lost, r.opening_amount, r.kept_amount, r.closing_amount
from scope as s
inner join fct_retention as r on r.customer_id = s.customer_id
where
  r.opening_from < $from and r.opening_until >= $from
  and r.closing_from < $to and r.closing_until >= $to
order by s.account, s.customer_id
