-- question: what is a lead of each type and segment worth?
-- grain: one row per key, lead type and segment
-- Won amount of the deals the leads carried ÷ leads, over mature leads.
with scope as (
  select '(all)' as key, w.lead_number, w.lead_type, w.segment, w.won_amount, w.followed_days
  from lead_won as w
)

select
  s.key,
  s.lead_type,
  s.segment,
  x.window_days,
  count(distinct s.lead_number) as leads,
  coalesce(sum(s.won_amount), 0) as won_amount
from scope as s
cross join lead_window as x
where s.followed_days >= x.window_days
group by s.key, s.lead_type, s.segment, x.window_days
