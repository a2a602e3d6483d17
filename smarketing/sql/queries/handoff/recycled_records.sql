-- question: which leads were recycled in the window, have they come back, and how far did they go?
-- grain: one row per exit by which leads are recycled
-- parameters: $from, $to (days of the exit, half-open)
with scope as (
  select
    '(all)' as key, e.lead_number, e.lead_id, e.event_number, e.entered_at as recycled_at,
    e.reason, e.next_at, e.next_stage, e.next_stage_number, e.owner, e.segment, e.channel
  from fct_stage_entry as e
  inner join agreement_exit as x on x.stage = e.stage
  where x.is_recycled and e.kind = 'exit'
    and e.entered_day >= $from and e.entered_day < $to
),

later as (
  select s.lead_number, s.event_number, max(n.stage_number) as furthest_number
  from scope as s
  inner join fct_stage_entry as n
    on n.lead_number = s.lead_number and n.event_number > s.event_number and n.kind = 'entry'
  group by s.lead_number, s.event_number
)

select
  s.key, s.lead_id, s.recycled_at, s.reason, s.next_stage_number is not null as is_returned,
  case when s.next_stage_number is not null then s.next_at end as returned_at,
  coalesce(l.furthest_number >= g.stage_number, false) as is_opportunity,
  coalesce(l.furthest_number >= u.stage_number, false) as is_customer,
  s.owner, s.segment, s.channel
from scope as s
left join later as l on l.lead_number = s.lead_number and l.event_number = s.event_number
left join agreement_stage as g on g.is_deal_opened
left join agreement_stage as u on u.is_deal_won
order by s.recycled_at, s.lead_id, s.event_number
