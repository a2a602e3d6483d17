-- question: how often did leads whose touches before a stage had a trait take the step out of it?
-- grain: one row per key, trait, segment and channel
-- parameters: $trait ('touch': the kind and side; 'content': the asset, which is what a touch of
-- marketing names as its content, else the page it led to), $step_number, $from, $to (days of the
-- entry into the step's stage, half-open)
-- Only touches before the stage was entered: what came after is no evidence for going on.
with scope as (
  select
    '(all)' as key, c.lead_id, c.entered_at, c.entered_day, c.segment, c.channel,
    c.is_converted_within
  from fct_conversion as c
  where
    c.step_number = $step_number and c.is_mature
    and c.entered_day >= $from and c.entered_day < $to
),

touched as (
  select
    t.lead_id, t.person_id, t.occurred_at, t.occurred_has_time, t.occurred_day,
    case
      when $trait = 'touch' then t.kind || ' (' || t.side || ')'
      when t.side = 'marketing'
        then coalesce(nullif(trim(t.content), ''), nullif(trim(t.url), ''))
    end as trait
  from fct_touch as t
  where t.is_usable
),

known as (
  select
    s.key, s.lead_id, k.person_id, s.entered_at, s.entered_day, s.segment, s.channel,
    s.is_converted_within
  from scope as s
  inner join lead_key as k on k.lead_id = s.lead_id
),

met as (
  select k.key, k.lead_id, k.segment, k.channel, k.is_converted_within, t.trait
  from known as k
  inner join touched as t on t.lead_id = k.lead_id
  where
    t.trait is not null and t.occurred_at < k.entered_at
    and (t.occurred_has_time or t.occurred_day < k.entered_day)
  union all
  select k.key, k.lead_id, k.segment, k.channel, k.is_converted_within, t.trait
  from known as k
  inner join touched as t on t.person_id = k.person_id and t.lead_id is null
  where
    t.trait is not null and t.occurred_at < k.entered_at
    and (t.occurred_has_time or t.occurred_day < k.entered_day)
),

once as (
  select distinct m.key, m.lead_id, m.segment, m.channel, m.is_converted_within, m.trait
  from met as m
)

select
  o.key,
  o.trait,
  o.segment as stratum_segment,
  o.channel as stratum_channel,
  count(*) as leads,
  sum(case when o.is_converted_within then 1 else 0 end) as converted
from once as o
group by o.key, o.trait, o.segment, o.channel
