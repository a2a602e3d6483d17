-- question: which amounts are left out of every total because their currency has no rate that day?
-- grain: one row per table and currency; `amount` is in minor units of that currency
-- parameters: none
with left_out as (
  select 'deal' as table_name, d.currency, d.amount, d.deal_id as record_id
  from fct_deal as d
  where not d.rate_known and d.amount is not null
  union all
  select 'qualifying amount' as table_name, d.entry_currency as currency, d.entry_amount as amount,
    d.deal_id as record_id
  from fct_deal as d
  where d.entry_amount is not null and d.pipeline_amount is null
    and (d.rate_known or d.amount is null)
  union all
  select 'cost' as table_name, c.currency, c.amount, c.cost_id as record_id
  from fct_cost as c
  where not c.rate_known and c.amount is not null
  union all
  select 'contract' as table_name, k.currency, k.amount, k.contract_id as record_id
  from fct_contract as k
  where not k.rate_known and k.amount is not null
  union all
  select 'quota' as table_name, q.currency, q.amount, q.member_id as record_id
  from quota_period as q
  where not q.rate_known and q.amount is not null and q.starts_on is not null
)
select
  l.table_name,
  l.currency,
  max(a.digits) as digits,
  count(*) as records,
  sum(l.amount) as amount,
  min(l.record_id) as example
from left_out as l
inner join agreement_currency as a on a.currency = l.currency
group by l.table_name, l.currency
order by l.table_name, records desc, l.currency
