-- question: what did each customer's contracts bring, all together, on which days?
-- grain: one row per customer and stretch of days on which nothing changed, from the first contract
-- on; contracts is 0 where none ran
-- parameters: $as_of_day
-- Where the amount of one contract is not known, that of the stretch is not. A stretch runs from
-- from_on up to, and without, until_on (null: to the data's date and on). What
-- lies after the data's date is not known yet and not in it.
with running as (
  select
    k.customer_id,
    k.starts_on,
    case when k.until_on <= $as_of_day then k.until_on end as until_on,
    coalesce(k.recurring_amount, 0) as recurring_amount,
    case when k.recurring_amount is null then 1 else 0 end as unvalued
  from fct_contract as k
  where k.starts_on <= $as_of_day and (k.until_on is null or k.until_on > k.starts_on)
),
changes as (
  select customer_id, starts_on as day, recurring_amount as amount, 1 as contracts, unvalued
  from running
  union all
  select customer_id, until_on as day, -recurring_amount as amount, -1 as contracts,
    -unvalued as unvalued
  from running
  where until_on is not null
),
by_day as (
  select customer_id, day, sum(amount) as amount, sum(contracts) as contracts,
    sum(unvalued) as unvalued
  from changes
  group by customer_id, day
),
states as (
  select
    b.customer_id,
    b.day,
    sum(b.amount) over (
      partition by b.customer_id order by b.day
      rows between unbounded preceding and current row
    ) as amount,
    sum(b.contracts) over (
      partition by b.customer_id order by b.day
      rows between unbounded preceding and current row
    ) as contracts,
    sum(b.unvalued) over (
      partition by b.customer_id order by b.day
      rows between unbounded preceding and current row
    ) > 0 as is_unvalued
  from by_day as b
),
compared as (
  select
    s.customer_id,
    s.day,
    s.amount,
    s.contracts,
    s.is_unvalued,
    lag(s.amount) over (partition by s.customer_id order by s.day) as amount_before,
    lag(s.contracts) over (partition by s.customer_id order by s.day) as contracts_before,
    lag(s.is_unvalued) over (partition by s.customer_id order by s.day) as unvalued_before
  from states as s
)
select
  c.customer_id,
  row_number() over (partition by c.customer_id order by c.day) as span_number,
  c.day as from_on,
  lead(c.day) over (partition by c.customer_id order by c.day) as until_on,
  case when not c.is_unvalued then cast(c.amount as bigint) end as recurring_amount,
  cast(c.contracts as bigint) as contracts
from compared as c
where c.contracts_before is null
  or c.amount <> c.amount_before
  or c.is_unvalued <> c.unvalued_before
  or (c.contracts = 0) <> (c.contracts_before = 0)
