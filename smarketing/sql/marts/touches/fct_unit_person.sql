-- question: whose touches can count for a deal or a lead, and under which rule?
-- grain: one row per unit (deal or lead) and person; the flags are 0 or 1
-- parameters: none
-- in_default follows the unit's default_rule. The rule 'lead' (only touches recorded on the lead) is a
-- matter of touches, not of people. A lead has one person, who is its committee too.
with reached as (
  select
    u.unit_number,
    coalesce(l.person_id, c.person_id) as person_id,
    1 as in_committee,
    case when c.is_primary then 1 else 0 end as in_primary,
    0 as is_lead_person,
    0 as in_account
  from fct_unit as u
  inner join deal_contact as c on c.deal_id = u.deal_id
  left join link_person as l on l.source_person_id = c.person_id
  where u.unit_kind = 'deal'
  union all
  select
    u.unit_number,
    u.primary_person_id as person_id,
    case when u.unit_kind = 'lead' then 1 else 0 end as in_committee,
    1 as in_primary,
    case when u.unit_kind = 'lead' then 1 else 0 end as is_lead_person,
    case when u.unit_kind = 'lead' then 1 else 0 end as in_account
  from fct_unit as u
  where u.primary_person_id is not null
  union all
  select
    u.unit_number,
    u.lead_person_id as person_id,
    0 as in_committee,
    0 as in_primary,
    1 as is_lead_person,
    0 as in_account
  from fct_unit as u
  where u.unit_kind = 'deal' and u.lead_person_id is not null
  union all
  select
    u.unit_number,
    p.person_id,
    0 as in_committee,
    0 as in_primary,
    0 as is_lead_person,
    1 as in_account
  from fct_unit as u
  inner join dim_person as p on p.account_id = u.account_id
  where u.unit_kind = 'deal'
),
people as (
  select
    unit_number,
    person_id,
    max(in_committee) as in_committee,
    max(in_primary) as in_primary,
    max(is_lead_person) as is_lead_person,
    max(in_account) as in_account
  from reached
  group by unit_number, person_id
)
select
  p.unit_number,
  p.person_id,
  p.in_committee,
  p.in_primary,
  p.is_lead_person,
  p.in_account,
  case u.default_rule
    when 'committee' then p.in_committee
    when 'primary' then p.in_primary
    when 'lead person' then p.is_lead_person
    when 'account' then p.in_account
    else 0
  end as in_default
from people as p
inner join fct_unit as u on u.unit_number = p.unit_number
