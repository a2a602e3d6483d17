-- question: which leads that reached a stage went on to the next one, and how soon?
-- grain: one row per lead and stage it reached, but the last; skipped stages imputed, first entry
-- A lead whose step has no known date can neither be within the window nor outside it: not mature.
-- One that entered the stage on an unknown date has no entered_day, but counts for its cohort.
select
  c.lead_id,
  c.stage_number as step_number,
  w.stage,
  w.next_stage,
  case when c.date_known then c.placed_at end as entered_at,
  case when c.date_known then c.entered_day end as entered_day,
  c.imputed_at as converted_at,
  c.imputed_days as days_to_convert,
  c.followed_days,
  w.window_days,
  coalesce(
    c.followed_days >= w.window_days
    and (not c.is_stepped_imputed or c.imputed_days is not null),
    false
  ) as is_mature,
  c.is_stepped_imputed as is_converted,
  coalesce(c.imputed_days <= w.window_days, false) as is_converted_within,
  c.began_imputed_day as began_day,
  c.segment,
  c.region,
  c.persona,
  c.channel,
  c.raw_channel,
  c.lead_type,
  c.campaign_id,
  c.owner_id,
  c.owner,
  c.source
from fct_stage_count as c
inner join stage_window as w on w.stage_number = c.stage_number
where c.is_imputed and c.is_first
