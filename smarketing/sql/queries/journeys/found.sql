-- question: which accounts, deals, leads and people match what was typed?
-- grain: one row per account, deal, lead or person
-- parameters: $exact (as typed), $ending (like pattern for ids without their source), $part (like
-- pattern, lower case)
with named as (
  select
    'account' as unit_kind,
    a.account_id as unit_id,
    a.name,
    a.domain as detail
  from dim_account as a
  union all
  select
    'deal' as unit_kind,
    d.deal_id as unit_id,
    d.name,
    d.account as detail
  from fct_deal as d
  union all
  select
    'person' as unit_kind,
    p.person_id as unit_id,
    coalesce(p.full_name, p.email, p.person_id) as name,
    p.email as detail
  from dim_person as p
  union all
  select
    'lead' as unit_kind,
    l.lead_id as unit_id,
    coalesce(p.full_name, p.email, l.lead_id) as name,
    p.email as detail
  from dim_lead as l
  left join dim_person as p on p.person_id = l.person_id
),
ranked as (
  select
    n.unit_kind,
    n.unit_id,
    n.name,
    n.detail,
    case
      when n.unit_id = $exact then 1
      when n.unit_id like $ending then 2
      when lower(n.name) = lower($exact) or lower(n.detail) = lower($exact) then 3
      when lower(n.name) like $part then 4
      when lower(n.detail) like $part then 5
      when lower(n.unit_id) like $part then 6
    end as closeness
  from named as n
)
select
  r.unit_kind,
  r.unit_id,
  coalesce(r.name, r.unit_id) as name,
  r.detail,
  r.closeness
from ranked as r
where r.closeness is not null
order by r.closeness, r.unit_kind, r.name, r.unit_id
limit 200
