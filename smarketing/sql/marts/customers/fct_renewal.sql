-- question: which contracts came to their end, and which contract followed?
-- grain: one row per contract that has ended and contract that may have followed it; one row with
-- neither successor column for a contract that none followed
-- parameters: $as_of_day
-- A contract follows another of the same customer when it began after it did, and not more than 31
-- days before that one's end; it renews it in a period at whose end it runs.
with ended as (
  select
    k.contract_id,
    k.customer_id,
    k.starts_on,
    k.until_on as ended_on,
    k.recurring_amount,
    k.account_id,
    k.account,
    k.segment,
    k.region,
    k.industry,
    k.country,
    k.owner_id,
    k.owner,
    k.source
  from fct_contract as k
  where k.until_on <= $as_of_day and k.until_on > k.starts_on
)
select
  e.contract_id,
  e.customer_id,
  e.starts_on,
  e.ended_on,
  s.contract_id as successor_id,
  s.starts_on as successor_from,
  case
    when s.contract_id is null then null
    when s.until_on <= $as_of_day then s.until_on
    else cast('9999-12-31' as date)
  end as successor_until,
  e.recurring_amount,
  e.account_id,
  e.account,
  e.segment,
  e.region,
  e.industry,
  e.country,
  e.owner_id,
  e.owner,
  e.source
from ended as e
left join fct_contract as s
  on s.customer_id = e.customer_id
  and s.contract_id <> e.contract_id
  and s.starts_on > e.starts_on
  and s.starts_on >= add_days(e.ended_on, -31)
  and s.starts_on <= $as_of_day
  and (s.until_on is null or s.until_on > e.ended_on)
