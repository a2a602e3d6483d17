-- question: what is each inquiry, whose is it, and where did it come from?
-- grain: one row per lead; a lead known only through its events or touches is a stub, never dropped
-- parameters: $timezone
-- A creation that is a load stamp (the second at which a source's records were loaded) is unknown.
with mentioned as (
  select lead_id, source, null as person_id from lead_stage_event
  union all
  select lead_id, source, null as person_id from lead_assignment
  union all
  select lead_id, source, null as person_id from score_event
  union all
  select lead_id, source, null as person_id from deal where lead_id is not null
  union all
  select lead_id, source, person_id from touch where lead_id is not null
),
stubs as (
  select m.lead_id, min(m.source) as source, min(m.person_id) as person_id
  from mentioned as m
  left join lead as l on l.lead_id = m.lead_id
  where l.lead_id is null
  group by m.lead_id
),
every_lead as (
  select
    lead_id,
    person_id,
    account_id,
    lead_type,
    created_at,
    created_at_has_time,
    channel,
    source_detail,
    campaign_id,
    created_by_touch_id,
    owner_id,
    status,
    converted_deal_id,
    false as is_stub,
    source
  from lead
  union all
  select
    lead_id,
    person_id,
    null as account_id,
    null as lead_type,
    cast(null as timestamp) as created_at,
    cast(null as boolean) as created_at_has_time,
    null as channel,
    null as source_detail,
    null as campaign_id,
    null as created_by_touch_id,
    null as owner_id,
    null as status,
    null as converted_deal_id,
    true as is_stub,
    source
  from stubs
),
loads as (
  select distinct source, stamp
  from load_stamp
  where table_name = 'lead'
),
placed as (
  select
    l.lead_id,
    coalesce(lp.person_id, l.person_id) as person_id,
    coalesce(la.account_id, l.account_id, p.account_id) as account_id,
    l.lead_type,
    l.created_at,
    coalesce(l.created_at_has_time, false) as created_has_time,
    l.created_at is not null and s.stamp is null as created_known,
    l.channel as raw_channel,
    l.source_detail,
    coalesce(lc.campaign_id, l.campaign_id) as campaign_id,
    l.created_by_touch_id,
    l.owner_id,
    l.status,
    l.converted_deal_id,
    p.persona,
    p.region as person_region,
    p.country,
    p.seniority,
    l.is_stub,
    l.source
  from every_lead as l
  left join loads as s
    on s.source = l.source
    and s.stamp = whole_second(l.created_at)
    and l.created_at_has_time
  left join link_person as lp on lp.source_person_id = l.person_id
  left join dim_person as p on p.person_id = coalesce(lp.person_id, l.person_id)
  left join link_account as la on la.source_account_id = l.account_id
  left join link_campaign as lc on lc.name = l.campaign_id
)
select
  l.lead_id,
  l.person_id,
  l.account_id,
  coalesce(l.lead_type, '(unknown)') as lead_type,
  l.created_at,
  l.created_has_time,
  local_day(l.created_at, $timezone) as created_day,
  l.created_known,
  l.raw_channel,
  coalesce(c.channel, '(unknown)') as channel,
  l.source_detail,
  l.campaign_id,
  l.created_by_touch_id,
  l.owner_id,
  o.name as owner,
  coalesce(a.segment, '(unknown)') as segment,
  coalesce(nullif(a.region, '(unknown)'), l.person_region, '(unknown)') as region,
  coalesce(l.persona, '(unknown)') as persona,
  a.industry,
  coalesce(a.country, l.country) as country,
  l.seniority,
  l.status,
  l.converted_deal_id,
  l.is_stub,
  l.source
from placed as l
left join dim_account as a on a.account_id = l.account_id
left join map_channel as c
  on c.source = l.source
  and c.raw_channel = coalesce(l.raw_channel, '')
  and c.kind = ''
  and c.utm_source = ''
  and c.utm_medium = ''
left join map_member as o on o.member_id = l.owner_id
