-- question: why has a deal (or lead) no touch that counts?
-- grain: one row per unit without an eligible touch
-- parameters: $measure, $from_day, $to_day, $people, $side; the slot "counts" gives way to a list of
-- kinds where one is asked
-- The first reason that holds: no people, no touch of theirs, none of the side asked for, only kinds
-- that do not count, only touches that cannot be used, only touches outside the window.
with scope as (
  select
    c.unit_number,
    c.unit_id,
    c.name,
    c.amount
  from fct_credit as c
  where c.measure = $measure
    and c.day >= $from_day
    and c.day < $to_day
    and c.is_attributed = 0
),
units as (
  select
    s.unit_number,
    s.unit_id,
    s.name,
    s.amount,
    u.unit_kind,
    u.lead_id,
    u.account_id,
    case when $people = 'default' then u.default_rule else $people end as people_rule
  from scope as s
  inner join fct_unit as u on u.unit_number = s.unit_number
),
people as (
  select
    u.unit_number,
    p.person_id
  from units as u
  inner join fct_unit_person as p on p.unit_number = u.unit_number
  where case u.people_rule
    when 'committee' then p.in_committee
    when 'primary' then p.in_primary
    when 'account' then p.in_account
    when 'lead person' then p.is_lead_person
    else 0
  end = 1
),
reached as (
  select
    p.unit_number,
    t.touch_id,
    t.side,
    t.kind,
    t.is_usable
  from people as p
  inner join fct_touch as t on t.person_id = p.person_id
  union all
  select
    u.unit_number,
    t.touch_id,
    t.side,
    t.kind,
    t.is_usable
  from units as u
  inner join fct_touch as t on t.lead_id = u.lead_id
  where u.people_rule = 'lead'
  union all
  select
    u.unit_number,
    t.touch_id,
    t.side,
    t.kind,
    t.is_usable
  from units as u
  inner join fct_touch as t on t.account_id = u.account_id
  where u.people_rule = 'account' and u.unit_kind = 'deal' and t.person_id is null
),
asked_of as (
  select
    r.unit_number,
    r.is_usable,
    $side = 'both' or r.side = $side as is_side,
    slot('counts', x.kind is null) as is_kind
  from reached as r
  left join agreement_excluded_kind as x on x.kind = r.kind
),
judged as (
  select
    a.unit_number,
    max(case when a.is_side then 1 else 0 end) as has_side,
    max(case when a.is_side and a.is_kind then 1 else 0 end) as has_kind,
    max(case when a.is_side and a.is_kind and a.is_usable then 1 else 0 end) as has_usable
  from asked_of as a
  group by a.unit_number
),
peopled as (
  select unit_number
  from people
  group by unit_number
)
select
  u.unit_id,
  u.name,
  u.amount,
  u.people_rule,
  case
    when u.people_rule = 'lead' and u.lead_id is null then 'no lead'
    when u.people_rule not in ('lead', 'account') and p.unit_number is null then 'no people'
    when u.people_rule = 'account' and u.account_id is null then 'no account'
    when j.unit_number is null then 'no touch'
    when j.has_side = 0 then 'only touches of the other side'
    when j.has_kind = 0 then 'only kinds that do not count'
    when j.has_usable = 0 then 'only touches without a usable time'
    else 'only touches outside the window'
  end as reason
from units as u
left join peopled as p on p.unit_number = u.unit_number
left join judged as j on j.unit_number = u.unit_number
order by u.unit_number
