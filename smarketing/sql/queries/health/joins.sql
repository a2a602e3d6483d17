-- question: what joins to what, and what cannot?
-- grain: one row per source, table and what its records are joined to; `joined` of `records`
-- parameters: none
with pairs as (
  select l.source, 'lead' as from_table, 'person' as to_table,
    case when p.person_id is not null then 1 else 0 end as joined
  from dim_lead as l left join dim_person as p on p.person_id = l.person_id
  union all
  select l.source, 'lead', 'account', case when a.account_id is not null then 1 else 0 end
  from dim_lead as l left join dim_account as a on a.account_id = l.account_id
  union all
  select l.source, 'lead', 'campaign', case when c.campaign_id is not null then 1 else 0 end
  from dim_lead as l left join dim_campaign as c on c.campaign_id = l.campaign_id
  union all
  select l.source, 'lead', 'deal', case when d.lead_id is not null then 1 else 0 end
  from dim_lead as l
  left join (
    select f.carrier_lead_id as lead_id from fct_deal as f
    where f.carrier_lead_id is not null group by f.carrier_lead_id
  ) as d on d.lead_id = l.lead_id
  union all
  select p.source, 'person', 'account', case when a.account_id is not null then 1 else 0 end
  from dim_person as p left join dim_account as a on a.account_id = p.account_id
  union all
  select d.source, 'deal', 'account', case when a.account_id is not null then 1 else 0 end
  from fct_deal as d left join dim_account as a on a.account_id = d.account_id
  union all
  select d.source, 'deal', 'lead', case when d.carrier_lead_id is not null then 1 else 0 end
  from fct_deal as d
  union all
  select d.source, 'deal', 'contact', case when c.deal_id is not null then 1 else 0 end
  from fct_deal as d
  left join (select k.deal_id from deal_contact as k group by k.deal_id) as c
    on c.deal_id = d.deal_id
  union all
  select d.source, 'deal', 'campaign', case when c.campaign_id is not null then 1 else 0 end
  from fct_deal as d left join dim_campaign as c on c.campaign_id = d.campaign_id
  union all
  select t.source, 'touch', 'person', case when p.person_id is not null then 1 else 0 end
  from fct_touch as t left join dim_person as p on p.person_id = t.person_id
  union all
  select t.source, 'touch', 'lead', case when l.lead_id is not null then 1 else 0 end
  from fct_touch as t left join dim_lead as l on l.lead_id = t.lead_id
  union all
  select t.source, 'touch', 'account', case when a.account_id is not null then 1 else 0 end
  from fct_touch as t left join dim_account as a on a.account_id = t.account_id
  union all
  select t.source, 'touch', 'campaign', case when c.campaign_id is not null then 1 else 0 end
  from fct_touch as t left join dim_campaign as c on c.campaign_id = t.campaign_id
  union all
  select k.source, 'cost', 'campaign', case when c.campaign_id is not null then 1 else 0 end
  from fct_cost as k left join dim_campaign as c on c.campaign_id = k.campaign_id
)
select p.source, p.from_table, p.to_table, count(*) as records, sum(p.joined) as joined
from pairs as p
group by p.source, p.from_table, p.to_table
order by p.source, p.from_table, p.to_table
