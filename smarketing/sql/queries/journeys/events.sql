-- question: what happened, in order, around one account, deal, lead or person?
-- grain: one row per touch, stage entry, and step of a deal
-- parameters: $unit_kind, $unit_id, $timezone
with deals as (
  select d.deal_id
  from fct_deal as d
  where ($unit_kind = 'deal' and d.deal_id = $unit_id)
    or ($unit_kind = 'account' and d.account_id = $unit_id)
    or ($unit_kind = 'lead' and d.carrier_lead_id = $unit_id)
    or (
      $unit_kind = 'person'
      and (d.carrier_person_id = $unit_id or d.primary_person_id = $unit_id)
    )
),
people as (
  select p.person_id
  from dim_person as p
  where ($unit_kind = 'account' and p.account_id = $unit_id)
    or ($unit_kind = 'person' and p.person_id = $unit_id)
  union
  select p.person_id
  from fct_unit_person as p
  inner join fct_unit as u on u.unit_number = p.unit_number
  where (
    ($unit_kind = 'deal' and u.unit_kind = 'deal' and u.unit_id = $unit_id)
    or ($unit_kind = 'lead' and u.unit_kind = 'lead' and u.unit_id = $unit_id)
  )
    and p.in_default = 1
),
leads as (
  select l.lead_id
  from dim_lead as l
  where ($unit_kind = 'lead' and l.lead_id = $unit_id)
  union
  select l.lead_id
  from dim_lead as l
  inner join people as p on p.person_id = l.person_id
  where $unit_kind in ('account', 'person')
  union
  select d.carrier_lead_id as lead_id
  from fct_deal as d
  inner join deals as c on c.deal_id = d.deal_id
  where d.carrier_lead_id is not null
),
touched as (
  select
    t.touch_id
  from fct_touch as t
  inner join people as p on p.person_id = t.person_id
  union
  select
    t.touch_id
  from fct_touch as t
  inner join leads as l on l.lead_id = t.lead_id
  union
  select
    t.touch_id
  from fct_touch as t
  inner join deals as d on d.deal_id = t.deal_id
  union
  select
    t.touch_id
  from fct_touch as t
  where $unit_kind = 'account' and t.account_id = $unit_id
),
events as (
  select
    'touch' as type,
    t.occurred_at as at,
    t.occurred_has_time as has_time,
    t.side,
    t.kind as what,
    coalesce(t.campaign, t.content) as detail,
    t.touch_id as event_id,
    t.lead_id,
    t.deal_id,
    t.person_id,
    t.actor_id,
    t.channel,
    t.campaign_id,
    cast(null as bigint) as amount,
    2 as place
  from fct_touch as t
  inner join touched as c on c.touch_id = t.touch_id
  where t.occurred_at is not null
  union all
  select
    'stage' as type,
    e.entered_at as at,
    e.has_time,
    null as side,
    e.stage as what,
    e.reason as detail,
    e.lead_id as event_id,
    e.lead_id,
    null as deal_id,
    n.person_id,
    e.actor_id,
    null as channel,
    null as campaign_id,
    cast(null as bigint) as amount,
    3 as place
  from fct_stage_entry as e
  inner join leads as l on l.lead_id = e.lead_id
  left join dim_lead as n on n.lead_id = e.lead_id
  where e.entered_at is not null and e.origin = 'imported'
  union all
  select
    'lead' as type,
    n.created_at as at,
    n.created_has_time as has_time,
    null as side,
    'created' as what,
    n.source_detail as detail,
    n.lead_id as event_id,
    n.lead_id,
    null as deal_id,
    n.person_id,
    null as actor_id,
    n.channel,
    n.campaign_id,
    cast(null as bigint) as amount,
    1 as place
  from dim_lead as n
  inner join leads as l on l.lead_id = n.lead_id
  where n.created_known
  union all
  select
    'deal' as type,
    d.created_at as at,
    d.created_has_time as has_time,
    null as side,
    'created' as what,
    d.name as detail,
    d.deal_id as event_id,
    d.carrier_lead_id as lead_id,
    d.deal_id,
    d.primary_person_id as person_id,
    d.owner_id as actor_id,
    null as channel,
    d.campaign_id,
    d.pipeline_amount as amount,
    4 as place
  from fct_deal as d
  inner join deals as c on c.deal_id = d.deal_id
  where d.created_known
  union all
  select
    'deal' as type,
    s.entered_at as at,
    coalesce(s.entered_at_has_time, false) as has_time,
    null as side,
    s.stage as what,
    d.name as detail,
    d.deal_id as event_id,
    d.carrier_lead_id as lead_id,
    d.deal_id,
    d.primary_person_id as person_id,
    d.owner_id as actor_id,
    null as channel,
    null as campaign_id,
    cast(null as bigint) as amount,
    5 as place
  from deal_stage_event as s
  inner join deals as c on c.deal_id = s.deal_id
  inner join fct_deal as d on d.deal_id = s.deal_id
  where s.entered_at is not null
  union all
  select
    'deal' as type,
    d.closed_at as at,
    d.closed_has_time as has_time,
    null as side,
    d.outcome as what,
    coalesce(d.lost_reason, d.name) as detail,
    d.deal_id as event_id,
    d.carrier_lead_id as lead_id,
    d.deal_id,
    d.primary_person_id as person_id,
    d.owner_id as actor_id,
    null as channel,
    null as campaign_id,
    d.deal_amount as amount,
    6 as place
  from fct_deal as d
  inner join deals as c on c.deal_id = d.deal_id
  where d.outcome in ('won', 'lost') and d.closed_at is not null
)
select
  e.type,
  e.at,
  local_day(e.at, $timezone) as day,
  e.has_time,
  e.side,
  e.what,
  e.detail,
  e.event_id,
  e.lead_id,
  e.deal_id,
  e.person_id,
  coalesce(p.full_name, p.email, e.person_id) as person,
  m.name as actor,
  e.channel,
  e.campaign_id,
  e.amount
from events as e
left join dim_person as p on p.person_id = e.person_id
left join map_member as m on m.member_id = e.actor_id
order by e.at, e.place, e.event_id
