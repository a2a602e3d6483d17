-- question: what does each lead's history say about one stage, whatever the counting mode?
-- grain: one row per lead with a stage event
-- parameters: $stage_number, $reentry
with scope as (
  select '(all)' as key, k.lead_number, k.lead_id
  from lead_key as k
),

stage as (
  select
    c.lead_id,
    sum(case when c.is_observed then 1 else 0 end) as entries,
    min(case when c.is_observed and c.date_known then c.entered_day end) as first_day,
    max(case when c.is_observed and c.date_known then c.entered_day end) as last_day,
    min(case when c.is_imputed and c.date_known then c.entered_day end) as imputed_first_day,
    max(case when c.is_imputed and c.date_known then c.entered_day end) as imputed_last_day,
    max(case
      when case $reentry
        when 'first' then c.is_first_strict when 'last' then c.is_last_strict else c.is_strict
      end then 1
      else 0
    end) as is_strict,
    max(case when c.is_imputed and not c.is_observed then 1 else 0 end) as is_filled
  from fct_stage_count as c
  where c.stage_number = $stage_number
  group by c.lead_id
)

select
  s.lead_id,
  l.began_day,
  l.imputed_day as began_imputed_day,
  l.is_start_unknown,
  l.last_number,
  l.last_exit,
  t.entries,
  t.first_day,
  t.last_day,
  t.imputed_first_day,
  t.imputed_last_day,
  t.is_strict = 1 as is_strict,
  t.is_filled = 1 as is_filled
from scope as s
inner join lead_course as l on l.lead_number = s.lead_number
left join stage as t on t.lead_id = s.lead_id
