-- question: after how many days is a lead in a stage old enough to be judged on the next one?
-- grain: one row per stage but the last
-- The agreement's days, else the first age by which 90 % of the conversions had happened among
-- leads followed for at least twice that long, else 90. A conversion at age d of a lead followed
-- for f days takes part in the test of every age up to f / 2 and has happened from age d on, so
-- both counts are running sums over the ages at which they change.
with aged as (
  select
    c.stage_number,
    cast(ceil(c.imputed_days) as int) as age_days,
    cast(floor(c.followed_days / 2) as int) as last_days
  from fct_stage_count as c
  where c.is_imputed and c.is_first and c.imputed_days is not null
    and c.followed_days is not null
),

changes as (
  select a.stage_number, 1 as days, 1 as all_change, 0 as done_change
  from aged as a
  union all
  select a.stage_number, a.last_days + 1 as days, -1 as all_change,
    case when a.age_days <= a.last_days then -1 else 0 end as done_change
  from aged as a
  union all
  select a.stage_number, a.age_days as days, 0 as all_change, 1 as done_change
  from aged as a
  where a.age_days <= a.last_days
),

daily as (
  select c.stage_number, c.days, sum(c.all_change) as all_change, sum(c.done_change) as done_change
  from changes as c
  group by c.stage_number, c.days
),

running as (
  select
    d.stage_number,
    d.days,
    sum(d.all_change) over (partition by d.stage_number order by d.days) as conversions,
    sum(d.done_change) over (partition by d.stage_number order by d.days) as done
  from daily as d
),

seen as (
  select r.stage_number, min(r.days) as days
  from running as r
  where r.conversions > 0 and r.done * 10 >= r.conversions * 9
  group by r.stage_number
)

select
  s.stage_number,
  s.stage,
  n.stage as next_stage,
  cast(coalesce(w.window_days, e.days, 90) as int) as window_days,
  case
    when w.window_days is not null then 'agreement'
    when e.days is not null then 'history'
    else 'default'
  end as rule
from agreement_stage as s
inner join agreement_stage as n on n.stage_number = s.stage_number + 1
left join agreement_step_window as w on w.stage = s.stage and w.next_stage = n.stage
left join seen as e on e.stage_number = s.stage_number
