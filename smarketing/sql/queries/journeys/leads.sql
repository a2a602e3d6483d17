-- question: where does each lead of one account, deal, lead or person stand, and whose is it?
-- grain: one row per lead
-- parameters: $unit_kind, $unit_id
-- Where the source has since said that a lead stands elsewhere than its history, it stands there.
with leads as (
  select l.lead_id
  from dim_lead as l
  where ($unit_kind = 'lead' and l.lead_id = $unit_id)
    or ($unit_kind = 'person' and l.person_id = $unit_id)
    or ($unit_kind = 'account' and l.account_id = $unit_id)
  union
  select l.lead_id
  from dim_lead as l
  inner join dim_person as p on p.person_id = l.person_id
  where $unit_kind = 'account' and p.account_id = $unit_id
  union
  select d.carrier_lead_id as lead_id
  from fct_deal as d
  where $unit_kind = 'deal' and d.deal_id = $unit_id and d.carrier_lead_id is not null
)
select
  l.lead_id,
  coalesce(p.full_name, p.email, l.lead_id) as name,
  l.person_id,
  l.account_id,
  a.name as account,
  l.owner,
  l.channel,
  l.campaign_id,
  l.segment,
  case when l.created_known then l.created_day end as created_day,
  case
    when e.stated_at >= e.placed_at and e.stated_stage <> e.stage then e.stated_stage
    else e.stage
  end as stage,
  case
    when e.stated_at >= e.placed_at and e.stated_stage <> e.stage then null
    when e.date_known then e.entered_day
  end as since_day,
  case
    when e.stated_at >= e.placed_at and e.stated_stage <> e.stage then null
    else e.reason
  end as reason
from leads as c
inner join dim_lead as l on l.lead_id = c.lead_id
left join fct_stage_entry as e on e.lead_id = l.lead_id and e.next_at is null
left join dim_person as p on p.person_id = l.person_id
left join dim_account as a on a.account_id = l.account_id
order by l.created_at desc, l.lead_id
