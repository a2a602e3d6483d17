-- question: which deals stand behind the sales cycle?
-- grain: one row per deal
-- parameters: $from, $to (days of the deal's creation, half-open), $as_of_day
with scope as (
  select
    '(all)' as key,
    d.deal_id,
    d.name,
    d.outcome,
    d.created_day,
    d.closed_day,
    days_between(d.created_day, d.closed_day) as closed_days,
    days_between(d.created_day, $as_of_day) as followed_days,
    d.owner
  from fct_deal as d
  where d.outcome <> '(unknown)' and d.created_known and d.created_day >= $from and d.created_day < $to
)

select
  s.key, s.deal_id, s.name, s.outcome, s.created_day, s.closed_day, s.closed_days,
  s.followed_days, s.owner
from scope as s
order by s.created_day, s.deal_id
