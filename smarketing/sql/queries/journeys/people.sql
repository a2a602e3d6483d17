-- question: who takes part: the people of one account, deal, lead or person, with roles and activity?
-- grain: one row per person
-- parameters: $unit_kind, $unit_id
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
roles as (
  select
    coalesce(l.person_id, c.person_id) as person_id,
    min(c.role) as role,
    max(case when c.is_primary then 1 else 0 end) as is_primary
  from deal_contact as c
  inner join deals as d on d.deal_id = c.deal_id
  left join link_person as l on l.source_person_id = c.person_id
  group by coalesce(l.person_id, c.person_id)
),
activity as (
  select
    t.person_id,
    sum(case when t.side = 'marketing' then 1 else 0 end) as marketing_touches,
    sum(case when t.side = 'sales' then 1 else 0 end) as sales_touches,
    min(t.occurred_at) as first_touch_at,
    max(t.occurred_at) as last_touch_at
  from fct_touch as t
  inner join people as p on p.person_id = t.person_id
  where t.is_usable
  group by t.person_id
)
select
  p.person_id,
  coalesce(n.full_name, n.email, p.person_id) as name,
  n.title,
  n.persona,
  n.email,
  r.role,
  case when r.is_primary = 1 then true else false end as is_primary,
  case when r.person_id is null then false else true end as is_committee,
  coalesce(a.marketing_touches, 0) as marketing_touches,
  coalesce(a.sales_touches, 0) as sales_touches,
  a.first_touch_at,
  a.last_touch_at
from people as p
left join dim_person as n on n.person_id = p.person_id
left join roles as r on r.person_id = p.person_id
left join activity as a on a.person_id = p.person_id
order by is_primary desc, is_committee desc, name, p.person_id
