-- question: which touches did sales make, or met somebody in, and what kind of contact were they?
-- grain: one row per usable touch of sales, meeting or booking
-- A touch is of sales where its member's team is, or, where nobody says for whom that team works, where
-- the source says so: a task that a marketer completes in a CRM is no follow-up by sales.
select
  t.touch_id,
  t.source,
  t.lead_id,
  t.person_id,
  t.occurred_at,
  t.occurred_has_time,
  t.occurred_day,
  t.actor_id,
  t.kind,
  t.direction,
  t.is_automated,
  coalesce(t.outcome, '') as outcome,
  coalesce(g.side, t.side) = 'sales' as is_sales,
  k.kind is not null as is_meeting,
  b.value is not null as is_booking
from fct_touch as t
left join member as m on m.member_id = t.actor_id
left join map_team as n on n.name = m.team
left join agreement_team as g on g.team = n.team
left join agreement_meeting_kind as k on k.kind = t.kind
left join (
  select distinct x.value from agreement_exemption as x where x.rule = 'meeting_booked'
) as b on b.value = t.kind
where
  t.is_usable
  and (
    coalesce(g.side, t.side) = 'sales'
    or k.kind is not null
    or b.value is not null
  )
