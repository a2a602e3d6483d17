-- question: who is each customer, and what brought it?
-- grain: one row per customer: an account with a first won deal for new business, or whoever is or
-- was under contract
-- parameters: none
-- What brought a customer is what its first won deal for new business has as channel, campaign and
-- persona; of a customer without such a deal it is not known.
with won as (
  select
    d.account_id,
    d.deal_id as won_deal_id,
    d.closed_day as won_day,
    d.channel,
    d.raw_channel,
    d.persona,
    d.campaign_id,
    d.source
  from fct_deal as d
  where d.is_first_win_new and d.account_id is not null
),
signed as (
  select k.customer_id, min(k.account_id) as account_id, min(k.source) as source
  from fct_contract as k
  group by k.customer_id
),
known as (
  select w.account_id as customer_id, w.account_id, w.source
  from won as w
  union all
  select s.customer_id, s.account_id, s.source
  from signed as s
  left join won as w on w.account_id = s.customer_id
  where w.account_id is null
)
select
  k.customer_id,
  k.account_id,
  a.name as account,
  w.won_deal_id,
  w.won_day,
  coalesce(w.channel, '(unknown)') as channel,
  w.raw_channel,
  coalesce(w.persona, '(unknown)') as persona,
  w.campaign_id,
  coalesce(a.segment, '(unknown)') as segment,
  coalesce(a.region, '(unknown)') as region,
  a.industry,
  a.country,
  a.owner_id,
  a.owner,
  k.source
from known as k
left join won as w on w.account_id = k.customer_id
left join dim_account as a on a.account_id = k.account_id
