-- question: which handovers are under a figure of the handoff page?
-- grain: one row per pass
-- parameters: $basis (qualified, response, attempts, decision: the day the window cuts), $from, $to
with scope as (
  select
    '(all)' as key, h.lead_id, h.pass_number, h.is_return, h.qualified_at, h.qualified_day,
    h.assigned_at, h.response_at, h.routing_minutes, h.response_minutes, h.speed_minutes,
    h.speed_elapsed_minutes, h.attempts, h.response_due_at, h.response_due_day, h.response_status,
    h.attempts_due_at, h.attempts_due_day, h.attempts_status, h.decision_due_at,
    h.decision_due_day, h.decision_status, h.decision, h.decision_day, h.reason, h.exemption,
    h.is_decided, h.is_accepted, h.is_rejected, h.is_opportunity, h.is_customer, h.won_amount,
    h.campaign_id, h.channel, h.segment, h.owner, h.is_owner_gone
  from fct_handoff as h
)

select
  s.key, s.lead_id, s.pass_number, s.is_return, s.qualified_at, s.assigned_at, s.response_at,
  s.routing_minutes, s.response_minutes, s.speed_minutes, s.speed_elapsed_minutes, s.attempts,
  s.response_due_at, s.response_status, s.attempts_due_at, s.attempts_status, s.decision_due_at,
  s.decision_status, s.decision, s.decision_day, s.reason, s.exemption, s.is_decided, s.is_accepted,
  s.is_rejected, s.is_opportunity, s.is_customer, s.won_amount, s.campaign_id, s.channel,
  s.segment, s.owner, s.is_owner_gone
from scope as s
where
  case $basis
    when 'response' then s.response_due_day
    when 'attempts' then s.attempts_due_day
    when 'decision' then s.decision_due_day
    else s.qualified_day
  end >= $from
  and case $basis
    when 'response' then s.response_due_day
    when 'attempts' then s.attempts_due_day
    when 'decision' then s.decision_due_day
    else s.qualified_day
  end < $to
order by s.qualified_at, s.lead_id
