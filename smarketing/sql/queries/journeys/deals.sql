-- question: which deals belong to one account, deal, lead or person, and how did they end?
-- grain: one row per deal
-- parameters: $unit_kind, $unit_id
-- An account's deals are those it is the account of, and those it is associated with.
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
  union
  select a.deal_id
  from deal_account as a
  left join link_account as l on l.source_account_id = a.account_id
  where $unit_kind = 'account' and coalesce(l.account_id, a.account_id) = $unit_id
)
select
  d.deal_id,
  d.name,
  d.account_id,
  d.account,
  d.kind,
  d.stage,
  d.outcome,
  d.created_day,
  d.created_known,
  d.closed_day,
  d.deal_amount,
  d.owner,
  d.carrier_lead_id,
  d.carrier_rule,
  u.people_rule
from fct_deal as d
inner join deals as c on c.deal_id = d.deal_id
left join fct_unit as u on u.unit_kind = 'deal' and u.unit_id = d.deal_id
order by d.created_at, d.deal_id
