-- question: of the customers we had, who stayed, what do they bring, and are they satisfied?
-- grain: one row per key
-- parameters: $from, $to (days of the period, half-open)
-- The opening cohort is under contract at the end of the day before the period; new customers are
-- those whose first deal was won in it, answers those asked for in it.
with scope as (
  select '(all)' as key, c.customer_id, c.account_id, c.won_day
  from fct_customer as c
),

held as (
  select
    s.key,
    count(*) as opening_customers,
    sum(case when r.is_lost then 1 else 0 end) as lost_customers,
    sum(case when r.opening_amount is not null then 1 else 0 end) as valued_customers,
    sum(r.opening_amount) as opening_amount,
    sum(r.kept_amount) as kept_amount,
    sum(r.closing_amount) as closing_amount
  from scope as s
  inner join fct_retention as r on r.customer_id = s.customer_id
  where
    r.opening_from < $from and r.opening_until >= $from
    and r.closing_from < $to and r.closing_until >= $to
  group by s.key
),

ended as (
  select
    s.key,
    count(distinct e.contract_id) as ended_contracts,
    count(
      distinct case when e.successor_from < $to and e.successor_until >= $to then e.contract_id end
    ) as renewed_contracts
  from scope as s
  inner join fct_renewal as e on e.customer_id = s.customer_id
  where e.starts_on < $from and e.ended_on >= $from and e.ended_on < $to
  group by s.key
),

answered as (
  select
    s.key,
    sum(case when f.kind = 'nps' and f.score is not null then 1 else 0 end) as nps_answers,
    sum(case when f.is_promoter then 1 when f.is_detractor then -1 else 0 end) as nps_balance
  from scope as s
  inner join fct_feedback as f on f.account_id = s.account_id
  where f.asked_day >= $from and f.asked_day < $to
  group by s.key
),

customers as (
  select
    s.key,
    sum(case when s.won_day >= $from and s.won_day < $to then 1 else 0 end) as new_customers
  from scope as s
  group by s.key
)

select
  c.key,
  c.new_customers,
  coalesce(h.opening_customers, 0) as opening_customers,
  coalesce(h.lost_customers, 0) as lost_customers,
  coalesce(h.valued_customers, 0) as valued_customers,
  h.opening_amount,
  h.kept_amount,
  h.closing_amount,
  coalesce(e.ended_contracts, 0) as ended_contracts,
  coalesce(e.renewed_contracts, 0) as renewed_contracts,
  coalesce(n.nps_answers, 0) as nps_answers,
  coalesce(n.nps_balance, 0) as nps_balance
from customers as c
left join held as h on h.key = c.key
left join ended as e on e.key = c.key
left join answered as n on n.key = c.key
order by c.key
