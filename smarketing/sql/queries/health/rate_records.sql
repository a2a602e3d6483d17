-- question: which records are left out of every total for want of a rate?
-- grain: one row per deal, amount at a qualifying stage, cost, contract or quota; `amount` is in minor units of its currency
-- parameters: $table_name, $currency
select 'deal' as table_name, d.deal_id as record_id, d.name, d.currency, d.amount,
  coalesce(d.closed_day, d.created_day) as day
from fct_deal as d
where not d.rate_known and d.amount is not null
  and $table_name = 'deal' and d.currency = $currency
union all
select 'qualifying amount', d.deal_id, d.name, d.entry_currency, d.entry_amount,
  coalesce(d.closed_day, d.created_day)
from fct_deal as d
where d.entry_amount is not null and d.pipeline_amount is null
  and (d.rate_known or d.amount is null)
  and $table_name = 'qualifying amount' and d.entry_currency = $currency
union all
select 'cost', c.cost_id, c.campaign, c.currency, c.amount, c.incurred_on
from fct_cost as c
where not c.rate_known and c.amount is not null
  and $table_name = 'cost' and c.currency = $currency
union all
select 'contract', k.contract_id, k.account, k.currency, k.amount, k.starts_on
from fct_contract as k
where not k.rate_known and k.amount is not null
  and $table_name = 'contract' and k.currency = $currency
union all
select 'quota', q.member_id, q.period, q.currency, q.amount, q.starts_on
from quota_period as q
where not q.rate_known and q.amount is not null and q.starts_on is not null
  and $table_name = 'quota' and q.currency = $currency
order by table_name, day, record_id
