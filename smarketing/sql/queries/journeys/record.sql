-- question: what is the account, deal, lead or person of an id called?
-- grain: one row, or none where there is no such record
-- parameters: $unit_kind, $unit_id
with named as (
  select
    a.account_id as unit_id,
    a.name,
    a.domain as detail
  from dim_account as a
  where $unit_kind = 'account' and a.account_id = $unit_id
  union all
  select
    d.deal_id as unit_id,
    d.name,
    d.account as detail
  from fct_deal as d
  where $unit_kind = 'deal' and d.deal_id = $unit_id
  union all
  select
    p.person_id as unit_id,
    coalesce(p.full_name, p.email, p.person_id) as name,
    p.email as detail
  from dim_person as p
  where $unit_kind = 'person' and p.person_id = $unit_id
  union all
  select
    l.lead_id as unit_id,
    coalesce(p.full_name, p.email, l.lead_id) as name,
    p.email as detail
  from dim_lead as l
  left join dim_person as p on p.person_id = l.person_id
  where $unit_kind = 'lead' and l.lead_id = $unit_id
)
select
  n.unit_id,
  coalesce(n.name, n.unit_id) as name,
  n.detail
from named as n
