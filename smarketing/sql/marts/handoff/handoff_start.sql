-- question: which leads were handed over to sales, when, and for the how manieth time?
-- parameters: $from_stage, $timezone
-- grain: one row per pass: an entry into the handoff stage that is the first or follows an exit
-- Only entries with a known date: without one there is nothing to respond to in time.
with counted as (
  select
    e.lead_number,
    e.event_number,
    e.stage,
    e.kind,
    e.date_known,
    e.placed_at,
    e.entered_day,
    e.has_time,
    sum(case when e.kind = 'exit' then 1 else 0 end) over (
      partition by e.lead_number order by e.event_number
      rows between unbounded preceding and current row
    ) as exits
  from fct_stage_entry as e
),

first_of_pass as (
  select
    c.lead_number,
    c.event_number,
    c.placed_at,
    c.entered_day,
    c.has_time,
    c.exits,
    row_number() over (partition by c.lead_number, c.exits order by c.event_number) as place
  from counted as c
  where c.kind = 'entry' and c.stage = $from_stage and c.date_known
),

numbered as (
  select
    f.lead_number,
    f.event_number,
    f.placed_at,
    f.entered_day,
    f.has_time,
    f.exits,
    row_number() over (partition by f.lead_number order by f.event_number) as pass_number,
    lead(f.event_number) over (partition by f.lead_number order by f.event_number)
      as next_event_number,
    lead(f.placed_at) over (partition by f.lead_number order by f.event_number) as ends_at
  from first_of_pass as f
  where f.place = 1
)

select
  n.lead_number,
  k.lead_id,
  k.person_id,
  n.pass_number,
  n.exits > 0 as is_return,
  n.event_number,
  n.next_event_number,
  n.placed_at as qualified_at,
  n.entered_day as qualified_day,
  n.has_time as qualified_has_time,
  case when n.has_time then local_hour(n.placed_at, $timezone) end as hour,
  iso_weekday(n.entered_day) as weekday,
  n.ends_at
from numbered as n
inner join lead_key as k on k.lead_number = n.lead_number
