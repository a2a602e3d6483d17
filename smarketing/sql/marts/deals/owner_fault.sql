-- question: which leads and deals belong to people who had left by then?
-- grain: one row per record and what happened to it after its owner's last day
-- parameters: $timezone, $as_of_day
with gone as (
  select m.member_id, n.name as owner, m.ends_on
  from member as m
  inner join map_member as n on n.member_id = m.member_id
),

happened as (
  select 'created' as fault, 'lead' as table_name, l.lead_id as record, l.owner_id, l.created_day as day
  from dim_lead as l
  where l.created_known
  union all
  select 'assigned' as fault, 'lead' as table_name, a.lead_id, a.member_id,
    local_day(a.assigned_at, $timezone)
  from lead_assignment as a
  union all
  select 'undecided' as fault, 'lead' as table_name, h.lead_id, h.owner_id, $as_of_day
  from fct_handoff as h
  where h.decision = 'undecided' and h.exemption is null
  union all
  select 'created' as fault, 'deal' as table_name, d.deal_id, d.owner_id, d.created_day
  from fct_deal as d
  where d.created_known
  union all
  select 'closed' as fault, 'deal' as table_name, d.deal_id, d.owner_id, d.closed_day
  from fct_deal as d
  where d.outcome in ('won', 'lost')
  union all
  select 'open' as fault, 'deal' as table_name, d.deal_id, d.owner_id, $as_of_day
  from fct_deal as d
  where d.outcome = 'open'
)

select
  h.table_name,
  h.fault,
  h.record,
  g.member_id,
  g.owner,
  g.ends_on as owner_ends_on,
  h.day
from happened as h
inner join gone as g on g.member_id = h.owner_id
where h.day > g.ends_on
