-- question: which entries count for which stage under each skip policy and re-entry rule?
-- parameters: $as_of_at, $as_of_day
-- grain: one row per lead, stage and entry that counts, observed or imputed
-- Every figure of the funnel is a sum over these rows: is_observed, is_imputed and is_strict say
-- under which skip policy a row counts, is_first and is_last under which re-entry rule; is_strict is
-- for every entry, is_first_strict and is_last_strict for these alone. The rest is what became of it.
with counted as (
  select
    e.lead_number,
    e.stage_number,
    e.stage_number as source_number,
    e.event_number,
    e.placed_at,
    e.next_at,
    e.stated_stage,
    e.stated_stage_number,
    e.stated_at,
    e.entered_day,
    e.has_time,
    e.date_known,
    e.entry_number = 1 as is_first,
    e.entry_number = r.entries as is_last,
    true as is_observed,
    r.dated = 1 or e.stage_number = 1 or r.next_dated_number is null as is_imputed,
    c.reached_at <= e.placed_at as is_strict,
    r.is_first_ordered and e.entry_number = 1 as is_first_strict,
    r.is_last_ordered and e.entry_number = r.entries as is_last_strict,
    r.is_next_first_ordered as is_followed_strict,
    r.later_last_at >= e.placed_at as is_advanced,
    t.observed_at,
    case
      when not e.date_known or t.observed_dated = 0 then null
      when e.has_time and t.observed_timed = 1
        then seconds_between(e.placed_at, t.observed_at) / 86400.0
      else days_between(e.entered_day, t.observed_day)
    end as observed_days,
    t.imputed_at,
    case
      when not e.date_known or t.imputed_dated = 0 then null
      when e.has_time and t.imputed_timed = 1
        then seconds_between(e.placed_at, t.imputed_at) / 86400.0
      else days_between(e.entered_day, t.imputed_day)
    end as imputed_days
  from fct_stage_entry as e
  inner join stage_reach as r
    on r.lead_number = e.lead_number and r.stage_number = e.stage_number
  left join stage_chain as c
    on c.lead_number = e.lead_number and c.stage_number = e.stage_number
  left join stage_step as t
    on t.lead_number = e.lead_number and t.event_number = e.event_number
  where e.kind = 'entry'
  union all
  select
    f.lead_number,
    f.stage_number,
    f.source_number,
    e.event_number,
    e.placed_at,
    e.next_at,
    e.stated_stage,
    e.stated_stage_number,
    e.stated_at,
    e.entered_day,
    e.has_time,
    e.date_known,
    e.entry_number = 1 as is_first,
    e.entry_number = r.entries as is_last,
    false as is_observed,
    true as is_imputed,
    false as is_strict,
    false as is_first_strict,
    false as is_last_strict,
    false as is_followed_strict,
    true as is_advanced,
    cast(null as timestamp) as observed_at,
    cast(null as double) as observed_days,
    e.placed_at as imputed_at,
    case when e.date_known then 0.0 end as imputed_days
  from stage_fill as f
  inner join stage_reach as r
    on r.lead_number = f.lead_number and r.stage_number = f.source_number
  inner join fct_stage_entry as e
    on e.lead_number = f.lead_number and e.stage_number = f.source_number
)

select
  k.lead_id,
  n.stage,
  c.stage_number,
  c.source_number,
  c.event_number,
  c.placed_at,
  c.next_at,
  c.stated_stage,
  c.stated_stage_number,
  c.stated_at,
  c.entered_day,
  c.has_time,
  c.date_known,
  case when c.date_known then c.entered_day end as known_day,
  c.is_first,
  c.is_last,
  c.is_observed,
  c.is_imputed,
  coalesce(c.is_strict, false) as is_strict,
  c.is_first_strict,
  c.is_last_strict,
  c.is_followed_strict,
  c.observed_at is not null as is_stepped_observed,
  c.observed_at,
  c.observed_days,
  c.imputed_at is not null as is_stepped_imputed,
  c.imputed_at,
  c.imputed_days,
  case
    when not c.date_known then null
    when c.has_time and c.placed_at <= $as_of_at
      then seconds_between(c.placed_at, $as_of_at) / 86400.0
    else days_between(c.entered_day, $as_of_day)
  end as followed_days,
  case
    when c.is_advanced then 'advanced'
    when l.last_exit is not null then 'left'
    when l.last_number < c.stage_number then 'moved_back'
    else 'here'
  end as outcome,
  case when not coalesce(c.is_advanced, false) then l.last_exit end as exit,
  case when not coalesce(c.is_advanced, false) then l.last_reason end as reason,
  l.began_day,
  l.imputed_day as began_imputed_day,
  k.segment,
  k.region,
  k.persona,
  k.channel,
  k.raw_channel,
  k.lead_type,
  k.campaign_id,
  k.owner_id,
  k.owner,
  k.source
from counted as c
inner join lead_course as l on l.lead_number = c.lead_number
inner join lead_key as k on k.lead_number = c.lead_number
inner join agreement_stage as n on n.stage_number = c.stage_number
