-- question: which obligations of sales fell due in the window, whose were they, were they kept?
-- grain: one row per obligation; key is the obligation
-- parameters: $from, $to (days of the deadline, half-open)
-- The owner is whoever owned the lead when it fell due, as in the counts.
with scope as (
  select
    '(all)' as key, 'response' as obligation, h.response_status as status,
    h.response_due_at as due_at, h.response_due_day as due_day,
    h.response_owner_id as owner_id, m.name as owner,
    h.lead_id, h.pass_number, h.qualified_at, h.assigned_at, h.response_at, h.response_minutes,
    h.attempts, h.decision, h.decision_day, h.reason, h.exemption, h.segment, h.channel
  from fct_handoff as h
  left join map_member as m on m.member_id = h.response_owner_id
  union all
  select
    '(all)' as key, 'attempts' as obligation, h.attempts_status as status,
    h.attempts_due_at as due_at, h.attempts_due_day as due_day,
    h.attempts_owner_id as owner_id, m.name as owner,
    h.lead_id, h.pass_number, h.qualified_at, h.assigned_at, h.response_at, h.response_minutes,
    h.attempts, h.decision, h.decision_day, h.reason, h.exemption, h.segment, h.channel
  from fct_handoff as h
  left join map_member as m on m.member_id = h.attempts_owner_id
  union all
  select
    '(all)' as key, 'decision' as obligation, h.decision_status as status,
    h.decision_due_at as due_at, h.decision_due_day as due_day,
    h.decision_owner_id as owner_id, m.name as owner,
    h.lead_id, h.pass_number, h.qualified_at, h.assigned_at, h.response_at, h.response_minutes,
    h.attempts, h.decision, h.decision_day, h.reason, h.exemption, h.segment, h.channel
  from fct_handoff as h
  left join map_member as m on m.member_id = h.decision_owner_id
)

select
  s.key, s.obligation, s.status, s.due_at, s.owner, s.lead_id, s.pass_number, s.qualified_at,
  s.assigned_at, s.response_at, s.response_minutes, s.attempts, s.decision, s.decision_day,
  s.reason, s.exemption, s.segment, s.channel
from scope as s
where s.due_day >= $from and s.due_day < $to and s.status is not null
order by s.obligation, s.due_at, s.lead_id, s.pass_number
