-- question: what does each contract bring again and again, and from when to when does it run?
-- grain: one row per contract
-- parameters: $currency, $as_of_day
-- It runs from starts_on up to, and without, until_on: the day it was given up, else the day after
-- its last one; a contract without either runs on. Amounts are yearly and, so that exchange rates
-- neither keep nor lose a customer, all at the rate of the data's date. A contract without a known
-- account stands for an account of its own.
with given as (
  select
    k.contract_id,
    coalesce(la.account_id, k.account_id) as account_id,
    k.deal_id,
    k.starts_on,
    k.ends_on,
    k.churned_on,
    case
      when k.churned_on <= coalesce(k.ends_on, k.churned_on) then k.churned_on
      else add_days(k.ends_on, 1)
    end as until_on,
    k.recurring_amount,
    upper(trim(coalesce(k.currency, $currency))) as currency,
    k.source
  from contract as k
  left join link_account as la on la.source_account_id = k.account_id
)
select
  g.contract_id,
  g.account_id,
  coalesce(g.account_id, g.contract_id) as customer_id,
  a.name as account,
  g.deal_id,
  g.starts_on,
  g.ends_on,
  g.churned_on,
  g.until_on,
  case
    when g.currency = $currency then g.recurring_amount
    else cast(floor(g.recurring_amount * r.factor + 0.5) as bigint)
  end as recurring_amount,
  g.recurring_amount as amount,
  g.currency,
  g.currency = $currency or r.factor is not null as rate_known,
  coalesce(a.segment, '(unknown)') as segment,
  coalesce(a.region, '(unknown)') as region,
  a.industry,
  a.country,
  a.owner_id,
  a.owner,
  g.source
from given as g
left join dim_account as a on a.account_id = g.account_id
left join dim_rate as r on r.currency = g.currency and r.day = $as_of_day
