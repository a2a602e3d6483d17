-- question: of the leads that began in each week, month or quarter, how many reached each stage?
-- grain: one row per key, period and stage
-- parameters: $from, $to, $skips, $grain (week, month, quarter)
with scope as (
  select
    '(all)' as key,
    c.stage_number,
    case when $skips = 'imputed' then c.began_imputed_day else c.began_day end as began_day,
    case
      when $skips = 'imputed' then c.is_stepped_imputed
      when $skips = 'strict'
        then c.is_stepped_observed and c.is_followed_strict
      else c.is_stepped_observed
    end as is_stepped,
    case
      when $skips = 'imputed' then c.imputed_days
      when $skips = 'strict' and not c.is_followed_strict then null
      else c.observed_days
    end as step_days,
    c.followed_days
  from fct_stage_count as c
  where
    case when $skips = 'imputed' then c.began_imputed_day else c.began_day end >= $from
    and case when $skips = 'imputed' then c.began_imputed_day else c.began_day end < $to
    and (
      ($skips = 'imputed' and c.is_imputed and c.is_first)
      or ($skips = 'observed' and c.is_observed and c.is_first)
      or ($skips = 'strict' and c.is_first_strict)
    )
)

select
  s.key,
  case $grain when 'week' then d.week_start when 'quarter' then d.quarter_start
    else d.month_start end as period_start,
  s.stage_number,
  count(*) as reached,
  sum(case when s.is_stepped then 1 else 0 end) as stepped,
  sum(case
    when s.followed_days >= w.window_days and (not s.is_stepped or s.step_days is not null)
      then 1
    else 0
  end) as mature,
  sum(case
    when s.followed_days >= w.window_days and s.step_days <= w.window_days then 1 else 0
  end) as mature_stepped
from scope as s
inner join dim_date as d on d.day = s.began_day
left join stage_window as w on w.stage_number = s.stage_number
group by
  s.key,
  case $grain when 'week' then d.week_start when 'quarter' then d.quarter_start
    else d.month_start end,
  s.stage_number
order by s.key, period_start, s.stage_number
