-- question: which contracts come to their end soon, or have ended without another one?
-- grain: one row per contract
-- parameters: $from, $to (days on which they end, half-open)
-- A contract that another one of the same customer follows is not due: one that begins after it did,
-- not more than 31 days before its end, as in fct_renewal.
with scope as (
  select
    '(all)' as key, k.contract_id, k.customer_id, k.account_id, k.account, k.deal_id, k.starts_on,
    k.ends_on, k.recurring_amount, k.segment, k.owner
  from fct_contract as k
  where k.ends_on >= $from and k.ends_on < $to and k.churned_on is null
),

followed as (
  select s.contract_id
  from scope as s
  inner join fct_contract as n
    on n.customer_id = s.customer_id
    and n.contract_id <> s.contract_id
    and n.starts_on > s.starts_on
    and n.starts_on >= add_days(s.ends_on, -31)
    and (n.until_on is null or n.until_on > s.ends_on)
),

asked as (
  select
    f.account_id,
    f.score,
    row_number() over (partition by f.account_id order by f.asked_at desc, f.feedback_id) as place
  from fct_feedback as f
  where f.kind = 'nps' and f.score is not null
)

select
  s.key, s.contract_id, s.account_id, s.account, s.deal_id, s.ends_on, s.recurring_amount,
  a.score as last_nps, s.segment, s.owner
from scope as s
left join followed as n on n.contract_id = s.contract_id
left join asked as a on a.account_id = s.account_id and a.place = 1
where n.contract_id is null
order by s.ends_on, s.contract_id
