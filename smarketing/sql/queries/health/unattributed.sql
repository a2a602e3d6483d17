-- question: how much won revenue does nothing explain, and why, under the agreed settings?
-- grain: one row per reason
-- parameters: none
-- The reasons are those of health_unattributed_records, which lists the deals. Whether there is any
-- touch of a kind is asked, so that one that is found in two ways may count twice.
with lost as (
  select c.deal_id, c.people_rule, c.amount
  from fct_credit as c
  where c.measure = 'revenue' and c.is_attributed = 0 and c.outcome = 'won'
),
people as (
  select l.deal_id, coalesce(k.person_id, c.person_id) as person_id
  from lost as l
  inner join deal_contact as c on c.deal_id = l.deal_id
  left join link_person as k on k.source_person_id = c.person_id
  union
  select l.deal_id, d.carrier_person_id as person_id
  from lost as l
  inner join fct_deal as d on d.deal_id = l.deal_id
),
tied as (
  select p.deal_id, t.side, t.is_usable
  from people as p inner join fct_touch as t on t.person_id = p.person_id
  union all
  select d.deal_id, t.side, t.is_usable
  from lost as l
  inner join fct_deal as d on d.deal_id = l.deal_id
  inner join fct_touch as t on t.lead_id = d.carrier_lead_id
  union all
  select d.deal_id, t.side, t.is_usable
  from lost as l
  inner join fct_deal as d on d.deal_id = l.deal_id
  inner join fct_touch as t on t.account_id = d.account_id
),
counted as (
  select
    t.deal_id,
    sum(case when t.side = 'marketing' and t.is_usable then 1 else 0 end) as usable,
    sum(case when t.side = 'marketing' and not t.is_usable then 1 else 0 end) as unusable,
    sum(case when t.side = 'sales' then 1 else 0 end) as by_sales
  from tied as t
  group by t.deal_id
),
reasoned as (
  select
    l.deal_id,
    l.amount as won_amount,
    case
      when c.usable > 0 then
        'the touches lie outside the lookback, are of a kind that does not count, '
        || 'or are of people who do not count under the agreed rule'
      when c.unusable > 0
        then 'the touches have no response or no time, so that none of them counts'
      when c.by_sales > 0 then 'only sales was in touch with it'
      when l.people_rule = 'none' then 'nobody is known on the deal, and it has no account'
      else 'nobody at the account has a recorded touch'
    end as reason
  from lost as l
  inner join fct_deal as d on d.deal_id = l.deal_id
  left join counted as c on c.deal_id = l.deal_id
)
select
  r.reason,
  count(*) as records,
  sum(r.won_amount) as won_amount,
  min(r.deal_id) as example
from reasoned as r
group by r.reason
order by won_amount desc, r.reason
