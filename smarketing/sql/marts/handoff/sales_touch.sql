-- question: which touches did sales make, or met somebody in, and what kind of contact were they?
-- grain: one row per usable touch of sales, meeting or booking, and per meeting that is still ahead
-- A meeting that is ahead of the as-of was booked, and is nothing that anybody did yet.
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
  t.actor_side = 'sales' as is_sales,
  k.kind is not null as is_meeting,
  b.value is not null as is_booking,
  not t.is_usable as is_ahead
from fct_touch as t
left join agreement_meeting_kind as k on k.kind = t.kind
left join (
  select distinct x.value from agreement_exemption as x where x.rule = 'meeting_booked'
) as b on b.value = t.kind
where
  (t.is_usable and (t.actor_side = 'sales' or k.kind is not null or b.value is not null))
  or (t.unusable_reason = 'after the as-of date' and k.kind is not null)
