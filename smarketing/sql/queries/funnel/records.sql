-- question: which entries make up the count of a stage, and what became of each?
-- grain: one row per entry that counts
-- parameters: $mode (cohort, entered), $from, $to, $skips, $reentry, $stage_number
with scope as (
  select
    '(all)' as key,
    c.lead_id,
    c.placed_at,
    c.entered_day,
    c.date_known,
    c.is_observed,
    c.began_imputed_day,
    c.began_day,
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
    c.followed_days,
    c.stage_number,
    c.segment,
    c.channel,
    c.owner,
    c.campaign_id
  from fct_stage_count as c
  where
    c.stage_number = $stage_number
    and (
      ($mode = 'cohort'
        and case when $skips = 'imputed' then c.began_imputed_day else c.began_day end >= $from
        and case when $skips = 'imputed' then c.began_imputed_day else c.began_day end < $to)
      or ($mode = 'entered' and c.date_known
        and c.entered_day >= $from and c.entered_day < $to)
    )
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
  s.lead_id,
  s.placed_at as entered_at,
  s.entered_day,
  s.date_known,
  not s.is_observed as is_imputed,
  case when $skips = 'imputed' then s.began_imputed_day else s.began_day end as began_day,
  s.outcome,
  s.exit,
  s.reason,
  s.is_stepped,
  s.step_days,
  s.followed_days,
  s.followed_days >= w.window_days and (not s.is_stepped or s.step_days is not null) as is_mature,
  coalesce(s.step_days <= w.window_days, false) as is_stepped_within,
  s.segment,
  s.channel,
  s.owner,
  s.campaign_id
from scope as s
left join stage_window as w on w.stage_number = s.stage_number
order by s.placed_at, s.lead_id
