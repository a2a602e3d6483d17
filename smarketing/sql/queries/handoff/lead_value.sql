-- question: what is a lead of each type and segment worth?
-- grain: one row per key, lead type and segment
-- Won amount of the deals the leads carried ÷ leads, over mature leads; a lead that won a deal whose
-- amount is not known is in neither, but counted apart.
with scope as (
  select '(all)' as key, w.lead_number, w.lead_type, w.segment, w.won_amount,
    w.is_valued, w.followed_days
  from lead_won as w
)

select
  s.key,
  s.lead_type,
  s.segment,
  x.window_days,
  count(distinct case when s.is_valued then s.lead_number end) as leads,
  count(distinct case when not s.is_valued then s.lead_number end) as unvalued,
  coalesce(sum(case when s.is_valued then s.won_amount end), 0) as won_amount
from scope as s
cross join lead_window as x
where s.followed_days >= x.window_days
group by s.key, s.lead_type, s.segment, x.window_days
