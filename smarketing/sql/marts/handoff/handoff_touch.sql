-- question: which touches of a handed-over lead may be a response, a conversation or a booking?
-- grain: one row per handed-over lead and touch of sales, or meeting, with it or its person
-- A human touch is an outbound touch of sales that was not automated, or a meeting held. A touch
-- without a lead counts for every lead of its person. That a call or an e-mail is "completed" says that it
-- was made, not that it reached anybody; a meeting that is was held.
with handed as (
  select distinct s.lead_number, s.lead_id, s.person_id
  from handoff_start as s
),

matched as (
  select h.lead_number, t.touch_id
  from sales_touch as t
  inner join handed as h on h.lead_id = t.lead_id
  union all
  select h.lead_number, t.touch_id
  from sales_touch as t
  inner join handed as h on h.person_id = t.person_id
  where t.lead_id is null
)

select
  m.lead_number,
  t.touch_id,
  t.occurred_at,
  t.occurred_has_time,
  t.occurred_day,
  t.actor_id,
  not t.is_ahead and (
    (t.is_sales and coalesce(t.direction, 'outbound') = 'outbound' and not t.is_automated)
    or (t.is_meeting and t.outcome in ('held', 'meeting_held', 'completed', 'demo_completed'))
  ) as is_human,
  not t.is_ahead and t.is_sales and (
    coalesce(t.direction, 'outbound') = 'inbound'
    or (
      coalesce(t.direction, 'outbound') = 'outbound'
      and (
        (t.is_meeting and t.outcome = 'completed')
        or t.outcome in (
          'connected', 'answered', 'reached', 'replied', 'interested', 'held', 'meeting_held',
          'meeting_set', 'demo_completed'
        )
      )
    )
  ) as is_reached,
  t.is_booking
  or t.outcome in ('meeting_set', 'booked', 'meeting_booked', 'scheduled')
  or (t.is_meeting and t.outcome not in ('no_show', 'cancelled', 'canceled', 'declined'))
    as is_booking
from matched as m
inner join sales_touch as t on t.touch_id = m.touch_id
