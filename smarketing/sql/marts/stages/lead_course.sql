-- question: when did each lead begin, and where does it stand at the build's as-of?
-- grain: one row per lead with a stage event; began_day is null where the beginning is unknown
-- imputed_day is the beginning when a lead without an entry into the first stage is given one.
with course as (
  select
    e.lead_number,
    min(case when e.stage_number = 1 and e.entry_number = 1 and e.date_known
      then e.entered_day end) as began_day,
    max(case when e.stage_number = 1 then 1 else 0 end) as has_first_stage,
    max(case when e.next_at is null then e.stage_number end) as last_number,
    max(case when e.next_at is null and e.kind = 'exit' then e.stage end) as last_exit,
    max(case when e.next_at is null and e.kind = 'exit' then e.reason end) as last_reason
  from fct_stage_entry as e
  group by e.lead_number
),

stub as (
  select r.lead_number, r.first_day, r.dated, r.next_dated_number
  from stage_reach as r
  where r.depth = 1 and r.stage_number > 1
)

select
  c.lead_number,
  c.began_day,
  case
    when c.has_first_stage = 1 then c.began_day
    when s.dated = 1 then s.first_day
    else n.first_day
  end as imputed_day,
  c.has_first_stage = 1 and c.began_day is null as is_start_unknown,
  c.last_number,
  c.last_exit,
  c.last_reason
from course as c
left join stub as s on s.lead_number = c.lead_number
left join stage_reach as n
  on n.lead_number = s.lead_number and n.stage_number = s.next_dated_number
