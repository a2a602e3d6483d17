-- question: what did sales decide on the leads handed over in the window?
-- grain: one row per key and kind of pass (first or return)
-- parameters: $from, $to (days of qualification, half-open)
with scope as (
  select
    '(all)' as key, h.is_return, h.is_decided, h.is_accepted, h.is_rejected, h.decision, h.exemption,
    h.is_opportunity, h.is_customer, h.won_amount
  from fct_handoff as h
  where h.qualified_day >= $from and h.qualified_day < $to
)

select
  s.key,
  s.is_return,
  count(*) as handovers,
  sum(case when s.is_decided and s.is_accepted then 1 else 0 end) as accepted,
  sum(case when s.is_decided and s.is_rejected then 1 else 0 end) as rejected,
  sum(case when s.is_decided and s.decision = 'undecided' then 1 else 0 end) as overdue,
  sum(case
    when not s.is_decided and s.exemption is null and s.decision = 'undecided' then 1 else 0
  end) as waiting,
  sum(case when s.exemption is not null then 1 else 0 end) as exempt,
  sum(case when s.is_opportunity then 1 else 0 end) as opportunities,
  sum(case when s.is_customer then 1 else 0 end) as customers,
  coalesce(sum(s.won_amount), 0) as won_amount
from scope as s
group by s.key, s.is_return
order by s.key, s.is_return
