-- question: how many leads entered each stage in the window, whatever their cohort?
-- grain: one row per key, stage, outcome, exit and reason
-- parameters: $from, $to (days of the entry, half-open), $skips, $reentry
with scope as (
  select
    '(all)' as key,
    c.stage_number,
    c.outcome,
    c.exit,
    c.reason
  from fct_stage_count as c
  where
    c.entered_day >= $from
    and c.entered_day < $to
    and c.date_known
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
  count(*) as reached
from scope as s
group by s.key, s.stage_number, s.outcome, s.exit, s.reason
