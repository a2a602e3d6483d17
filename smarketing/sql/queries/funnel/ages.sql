-- question: after how many days did the leads of a cohort go on to the next stage?
-- grain: one row per key, stage and whole day
-- parameters: $from, $to, $skips
with scope as (
  select
    '(all)' as key,
    c.stage_number,
    case
      when $skips = 'imputed' then c.imputed_days
      when $skips = 'strict' and not c.is_followed_strict then null
      else c.observed_days
    end as step_days
  from fct_stage_count as c
  where
    c.is_first
    and (
      ($skips = 'imputed' and c.is_imputed)
      or ($skips = 'observed' and c.is_observed)
      or ($skips = 'strict' and c.is_first_strict)
    )
    and case when $skips = 'imputed' then c.began_imputed_day else c.began_day end >= $from
    and case when $skips = 'imputed' then c.began_imputed_day else c.began_day end < $to
)

select s.key, s.stage_number, cast(floor(s.step_days) as int) as days, count(*) as steps
from scope as s
where s.step_days is not null
group by s.key, s.stage_number, floor(s.step_days)
order by s.key, s.stage_number, days
