-- question: how many leads of a cohort reached each stage, and what became of them there?
-- grain: one row per key, stage, outcome, exit and reason
-- parameters: $from, $to (days of the first entry into the first stage, half-open),
--   $skips (imputed, observed, strict), $reentry (first, last, every)
-- stepped: went on to the next stage at or after; mature: followed for the step's window.
with scope as (
  select
    '(all)' as key,
    c.stage_number,
    c.outcome,
    c.exit,
    c.reason,
    case
      when $skips = 'imputed' then c.is_stepped_imputed
      when $skips = 'strict' and $reentry = 'first'
        then c.is_stepped_observed and c.is_followed_strict
      else c.is_stepped_observed
    end as is_stepped,
    case
      when $skips = 'imputed' then c.imputed_days
      when $skips = 'strict' and $reentry = 'first' and not c.is_followed_strict then null
      else c.observed_days
    end as step_days,
    c.followed_days
  from fct_stage_count as c
  where
    case when $skips = 'imputed' then c.began_imputed_day else c.began_day end >= $from
    and case when $skips = 'imputed' then c.began_imputed_day else c.began_day end < $to
    and (
      ($skips = 'imputed' and c.is_imputed)
      or ($skips = 'observed' and c.is_observed)
      or ($skips = 'strict' and c.is_strict)
    )
    and (
      $reentry = 'every'
      or ($reentry = 'first' and $skips <> 'strict' and c.is_first)
      or ($reentry = 'last' and $skips <> 'strict' and c.is_last)
      or ($reentry = 'first' and $skips = 'strict' and c.is_first_strict)
      or ($reentry = 'last' and $skips = 'strict' and c.is_last_strict)
    )
)

select
  s.key,
  s.stage_number,
  s.outcome,
  s.exit,
  s.reason,
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
left join stage_window as w on w.stage_number = s.stage_number
group by s.key, s.stage_number, s.outcome, s.exit, s.reason
