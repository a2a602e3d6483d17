-- question: which rejected leads, lost deals and answers are under what sales and customers say?
-- grain: one row per rejected handover, lost deal and comment
-- parameters: $from, $to (days, half-open)
-- Why sales rejected what it was handed, by the day it was handed over; why deals were lost, by the
-- day of the close; what customers wrote, by the day they were asked.
with scope as (
  select
    '(all)' as key, 'rejected' as said_as, h.reason as words, h.qualified_day as said_on,
    h.lead_id, cast(null as varchar) as deal_id, cast(null as varchar) as account_id
  from fct_handoff as h
  where h.is_rejected and h.qualified_day >= $from and h.qualified_day < $to
  union all
  select
    '(all)' as key, 'lost' as said_as, d.lost_reason as words, d.closed_day as said_on,
    cast(null as varchar) as lead_id, d.deal_id, d.account_id
  from fct_deal as d
  where d.outcome = 'lost' and d.closed_day >= $from and d.closed_day < $to
  union all
  select
    '(all)' as key, 'written' as said_as, f.comment as words, f.asked_day as said_on,
    cast(null as varchar) as lead_id, cast(null as varchar) as deal_id, f.account_id
  from fct_feedback as f
  where f.comment is not null and f.asked_day >= $from and f.asked_day < $to
)

select
  s.key,
  s.said_as,
  coalesce(nullif(trim(s.words), ''), '(no reason given)') as words,
  s.said_on,
  s.lead_id,
  s.deal_id,
  s.account_id,
  a.name as account
from scope as s
left join dim_account as a on a.account_id = s.account_id
order by s.said_on, s.said_as, words, s.lead_id, s.deal_id, s.account_id
