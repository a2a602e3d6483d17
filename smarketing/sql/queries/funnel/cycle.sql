-- question: by which age are deals won, lost or still open?
-- grain: one row per key, outcome, days to the close and days followed
-- parameters: $from, $to (days of the deal's creation, half-open), $as_of_day
with scope as (
  select
    '(all)' as key,
    d.outcome,
    days_between(d.created_day, d.closed_day) as closed_days,
    days_between(d.created_day, $as_of_day) as followed_days
  from fct_deal as d
  where d.outcome <> '(unknown)' and d.created_known and d.created_day >= $from and d.created_day < $to
)

select
  s.key,
  s.outcome,
  case when s.outcome = 'open' then null else s.closed_days end as closed_days,
  s.followed_days,
  count(*) as deals
from scope as s
group by s.key, s.outcome, case when s.outcome = 'open' then null else s.closed_days end,
  s.followed_days
