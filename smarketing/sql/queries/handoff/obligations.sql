-- question: which obligations of sales fell due in the window, and were they kept?
-- grain: one row per key, obligation and status
-- parameters: $from, $to (days of the deadline, half-open)
-- The owner is whoever owned the lead when it fell due.
with scope as (
  select
    '(all)' as key, 'response' as obligation, h.response_status as status,
    h.response_due_day as due_day, h.response_owner_id as owner_id,
    m.name as owner
  from fct_handoff as h
  left join map_member as m on m.member_id = h.response_owner_id
  union all
  select
    '(all)' as key, 'attempts' as obligation, h.attempts_status as status,
    h.attempts_due_day as due_day, h.attempts_owner_id as owner_id,
    m.name as owner
  from fct_handoff as h
  left join map_member as m on m.member_id = h.attempts_owner_id
  union all
  select
    '(all)' as key, 'decision' as obligation, h.decision_status as status,
    h.decision_due_day as due_day, h.decision_owner_id as owner_id,
    m.name as owner
  from fct_handoff as h
  left join map_member as m on m.member_id = h.decision_owner_id
)

select s.key, s.obligation, s.status, count(*) as obligations
from scope as s
where s.due_day >= $from and s.due_day < $to and s.status is not null
group by s.key, s.obligation, s.status
