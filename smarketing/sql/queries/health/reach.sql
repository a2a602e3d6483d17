-- question: how many deals can marketing's touches reach at all, and through whom?
-- grain: one row per way; a touch counts here whether or not it is eligible for credit
-- parameters: none
with deal_person as (
  select c.deal_id, coalesce(k.person_id, c.person_id) as person_id
  from deal_contact as c
  left join link_person as k on k.source_person_id = c.person_id
),
members as (
  select m.deal_id
  from deal_person as m
  where m.person_id in (
    select t.person_id from fct_touch as t where t.side = 'marketing' and t.person_id is not null
  )
  group by m.deal_id
),
touched_leads as (
  select d.carrier_lead_id as lead_id
  from fct_deal as d
  where d.carrier_lead_id in (
    select t.lead_id from fct_touch as t where t.side = 'marketing' and t.lead_id is not null
  )
  group by d.carrier_lead_id
),
touched_accounts as (
  select d.account_id
  from fct_deal as d
  where d.account_id in (
    select t.account_id from fct_touch as t where t.side = 'marketing' and t.account_id is not null
  )
  group by d.account_id
),
ways as (
  select 1 as place, 'people on the deal' as way, d.deal_id, d.outcome, d.won_amount,
    m.deal_id is not null as is_reached
  from fct_deal as d left join members as m on m.deal_id = d.deal_id
  union all
  select 2, 'the lead that became the deal', d.deal_id, d.outcome, d.won_amount,
    l.lead_id is not null
  from fct_deal as d left join touched_leads as l on l.lead_id = d.carrier_lead_id
  union all
  select 3, 'anyone at the account', d.deal_id, d.outcome, d.won_amount,
    a.account_id is not null
  from fct_deal as d left join touched_accounts as a on a.account_id = d.account_id
)
select
  w.place,
  w.way,
  count(*) as deals,
  sum(case when w.is_reached then 1 else 0 end) as reached,
  sum(case when w.is_reached and w.outcome = 'won' then 1 else 0 end) as won_reached,
  sum(case when w.is_reached then w.won_amount else 0 end) as won_amount
from ways as w
group by w.place, w.way
order by w.place
