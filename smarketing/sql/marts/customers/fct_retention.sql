-- question: what became, by any later day, of the customers who were under contract on any day?
-- grain: one row per customer, stretch under contract and the same or a later stretch of it
-- parameters: $as_of_day
-- A customer of whom what it brought is not known at both ends is in none of the amounts.
-- The opening cohort of a period are the rows with opening_from < its first day <= opening_until;
-- of these the rows with closing_from < the first day after it <= closing_until say what each
-- customer brought at its end (at the data's date where that comes first). So a customer counts at
-- the end of the day before the period and at the end of its last day, once.
select
  o.customer_id,
  o.from_on as opening_from,
  coalesce(o.until_on, add_days($as_of_day, 1)) as opening_until,
  c.from_on as closing_from,
  coalesce(c.until_on, cast('9999-12-31' as date)) as closing_until,
  case when c.recurring_amount is not null then o.recurring_amount end as opening_amount,
  case when o.recurring_amount is not null then c.recurring_amount end as closing_amount,
  case
    when o.recurring_amount is null or c.recurring_amount is null then null
    when c.recurring_amount < o.recurring_amount then c.recurring_amount
    else o.recurring_amount
  end as kept_amount,
  c.contracts = 0 as is_lost,
  k.account_id,
  k.account,
  k.segment,
  k.region,
  k.industry,
  k.country,
  k.owner_id,
  k.owner,
  k.source
from contract_span as o
inner join contract_span as c
  on c.customer_id = o.customer_id and c.span_number >= o.span_number
inner join (
  select
    customer_id,
    account_id,
    account,
    segment,
    region,
    industry,
    country,
    owner_id,
    owner,
    min(source) as source
  from fct_contract
  group by customer_id, account_id, account, segment, region, industry, country, owner_id, owner
) as k on k.customer_id = o.customer_id
where o.contracts > 0
