-- question: how old must a lead be before what it won can be judged?
-- grain: one row
-- The first age by which 90 % of the wins had happened among leads followed for at least twice that
-- long, else 90 days: the rule of the steps (stage_window) for the way from first stage to won.
with aged as (
  select
    w.won_days as age_days,
    cast(floor(w.followed_days / 2) as int) as last_days
  from lead_won as w
  where w.deal_id is not null
),

changes as (
  select 1 as days, 1 as all_change, 0 as done_change
  from aged as a
  union all
  select a.last_days + 1 as days, -1 as all_change,
    case when a.age_days <= a.last_days then -1 else 0 end as done_change
  from aged as a
  union all
  select a.age_days as days, 0 as all_change, 1 as done_change
  from aged as a
  where a.age_days <= a.last_days
),

daily as (
  select c.days, sum(c.all_change) as all_change, sum(c.done_change) as done_change
  from changes as c
  group by c.days
),

running as (
  select
    d.days,
    sum(d.all_change) over (order by d.days) as wins,
    sum(d.done_change) over (order by d.days) as done
  from daily as d
)

select cast(coalesce(min(r.days), 90) as int) as window_days
from running as r
where r.wins > 0 and r.done * 10 >= r.wins * 9
