-- question: of each handover: who got it when, who touched it first, what was decided, what excuses?
-- parameters: $accepted_stage
-- grain: one row per pass
-- Follow-up has ended with an exit, or beyond the accepted stage, which nobody reaches unspoken to;
-- it is settled only by a rejection or by moving on: who sends a lead back owes the attempts still.
-- What stands at a day without a time is compared by day, so that a call "that day" is a response.
-- A meeting is booked already where one before the qualification says so, or where the record of one
-- that was held after it, or is still ahead, is older than it.
with accepted_from as (
  select s.stage_number from agreement_stage as s where s.stage = $accepted_stage
),

decided as (
  select
    p.lead_number,
    p.pass_number,
    min(case when e.stage_number >= a.stage_number then e.event_number end) as accepted_event,
    min(case when e.kind = 'exit' then e.event_number end) as exit_event,
    min(case when e.kind = 'exit' or e.stage_number > a.stage_number then e.event_number end)
      as ended_event,
    min(case when r.stage is not null or e.stage_number > a.stage_number then e.event_number end)
      as settled_event,
    max(e.stage_number) as furthest_number
  from handoff_start as p
  cross join accepted_from as a
  inner join fct_stage_entry as e
    on e.lead_number = p.lead_number
    and e.event_number > p.event_number
    and (p.next_event_number is null or e.event_number < p.next_event_number)
  left join agreement_exit as r on r.stage = e.stage and r.is_rejected
  group by p.lead_number, p.pass_number
),

decision as (
  select
    d.lead_number,
    d.pass_number,
    d.furthest_number,
    d.ended_event,
    d.settled_event,
    case
      when d.exit_event is null or d.accepted_event < d.exit_event then d.accepted_event
      else d.exit_event
    end as decision_event
  from decided as d
),

assigned as (
  select
    p.lead_number,
    p.pass_number,
    a.member_id,
    a.assigned_at,
    coalesce(a.assigned_at_has_time, false) as assigned_has_time,
    row_number() over (
      partition by p.lead_number, p.pass_number
      order by
        case when a.assigned_at <= p.qualified_at then 0 else 1 end,
        case when a.assigned_at <= p.qualified_at then seconds_between(a.assigned_at, p.qualified_at)
          else seconds_between(p.qualified_at, a.assigned_at) end,
        a.member_id
    ) as place
  from handoff_start as p
  inner join lead_assignment as a on a.lead_id = p.lead_id
  where p.ends_at is null or a.assigned_at < p.ends_at
),

touched as (
  select
    p.lead_number,
    p.pass_number,
    t.touch_id,
    t.actor_id,
    t.occurred_at,
    t.occurred_day,
    t.occurred_has_time,
    row_number() over (
      partition by p.lead_number, p.pass_number order by t.occurred_at, t.touch_id
    ) as place
  from handoff_start as p
  inner join handoff_touch as t on t.lead_number = p.lead_number
  where
    t.is_human
    and (p.ends_at is null or t.occurred_at < p.ends_at)
    and (
      t.occurred_at >= p.qualified_at
      or (t.occurred_day = p.qualified_day
        and not (t.occurred_has_time and p.qualified_has_time))
    )
),

excused as (
  select p.lead_number, p.pass_number, x.priority
  from handoff_start as p
  inner join handoff_touch as t on t.lead_number = p.lead_number
  inner join agreement_exemption as x on x.rule in ('meeting_booked', 'open_conversation')
  where
    case
      when t.occurred_has_time and p.qualified_has_time then t.occurred_at < p.qualified_at
      else t.occurred_day < p.qualified_day
    end
    and days_between(t.occurred_day, p.qualified_day) <= x.within_days
    and (
      (x.rule = 'meeting_booked' and t.is_booking)
      or (x.rule = 'open_conversation' and t.is_reached)
    )
  union all
  select p.lead_number, p.pass_number, x.priority
  from handoff_start as p
  inner join handoff_touch as t on t.lead_number = p.lead_number
  inner join sales_touch as s on s.touch_id = t.touch_id
  inner join touch as r on r.touch_id = t.touch_id
  inner join agreement_exemption as x on x.rule = 'meeting_booked'
  where
    t.is_booking
    and s.is_meeting
    and t.occurred_at >= p.qualified_at
    and r.created_at < p.qualified_at
    and r.created_at_has_time
    and p.qualified_has_time
  union all
  select p.lead_number, p.pass_number, x.priority
  from handoff_start as p
  inner join dim_lead as l on l.lead_id = p.lead_id
  inner join agreement_exemption as x
    on (x.rule in ('self_serve', 'lead_type') and x.value = lower(l.lead_type))
    or (x.rule = 'self_serve'
      and (x.value = lower(l.channel) or x.value = lower(l.raw_channel)))
  union all
  select d.lead_number, d.pass_number, x.priority
  from decision as d
  inner join fct_stage_entry as e
    on e.lead_number = d.lead_number and e.event_number = d.decision_event
  inner join agreement_exemption as x
    on x.rule = 'exit_reason' and x.value = lower(e.reason)
),

excuse as (
  select e.lead_number, e.pass_number, min(e.priority) as priority
  from excused as e
  group by e.lead_number, e.pass_number
),

named as (
  select distinct x.priority, x.exemption from agreement_exemption as x
)

select
  p.lead_number,
  p.lead_id,
  p.pass_number,
  p.is_return,
  p.qualified_at,
  p.qualified_day,
  p.qualified_has_time,
  p.hour,
  p.weekday,
  p.ends_at,
  a.assigned_at,
  a.assigned_has_time,
  coalesce(a.member_id, k.owner_id) as owner_id,
  m.timezone as owner_timezone,
  case when a.assigned_at > p.qualified_at then a.assigned_at else p.qualified_at end as starts_at,
  p.qualified_has_time and coalesce(a.assigned_has_time or a.assigned_at <= p.qualified_at, true)
    as starts_has_time,
  t.touch_id as response_touch_id,
  t.actor_id as response_actor_id,
  t.occurred_at as response_at,
  t.occurred_day as response_day,
  t.occurred_has_time as response_has_time,
  e.kind as decision_kind,
  e.stage as decision_stage,
  e.placed_at as decision_at,
  e.entered_day as decision_day,
  e.has_time as decision_has_time,
  e.reason as decision_reason,
  z.entered_day as ended_day,
  y.entered_day as settled_day,
  d.furthest_number,
  n.exemption
from handoff_start as p
inner join lead_key as k on k.lead_number = p.lead_number
left join assigned as a
  on a.lead_number = p.lead_number and a.pass_number = p.pass_number and a.place = 1
left join member as m on m.member_id = coalesce(a.member_id, k.owner_id)
left join touched as t
  on t.lead_number = p.lead_number and t.pass_number = p.pass_number and t.place = 1
left join decision as d on d.lead_number = p.lead_number and d.pass_number = p.pass_number
left join fct_stage_entry as e
  on e.lead_number = d.lead_number and e.event_number = d.decision_event
left join fct_stage_entry as z
  on z.lead_number = d.lead_number and z.event_number = d.ended_event
left join fct_stage_entry as y
  on y.lead_number = d.lead_number and y.event_number = d.settled_event
left join excuse as x on x.lead_number = p.lead_number and x.pass_number = p.pass_number
left join named as n on n.priority = x.priority
