-- question: which stages did each lead enter, when first and last, and what lies beyond each?
-- grain: one row per lead and stage it has an entry in
-- A stage is dated when its entries have a known date; next_dated_number is the next stage that is.
-- is_first_ordered: every stage up to here was entered, none of them for the first time before an
-- earlier one was; is_last_ordered: the same of the latest entries.
with entered as (
  select
    e.lead_number,
    e.stage_number,
    count(*) as entries,
    min(e.placed_at) as first_at,
    max(e.placed_at) as last_at,
    min(case when e.entry_number = 1 then e.entered_day end) as first_day,
    max(case when e.entry_number = 1 and e.has_time then 1 else 0 end) as first_timed,
    max(case when e.date_known then 1 else 0 end) as dated
  from fct_stage_entry as e
  where e.kind = 'entry'
  group by e.lead_number, e.stage_number
),

walked as (
  select
    n.lead_number,
    n.stage_number,
    n.entries,
    n.first_at,
    n.last_at,
    n.first_day,
    n.first_timed,
    n.dated,
    row_number() over (partition by n.lead_number order by n.stage_number) as depth,
    lag(n.stage_number) over (partition by n.lead_number order by n.stage_number)
      as previous_number,
    lead(n.stage_number) over (partition by n.lead_number order by n.stage_number)
      as next_number,
    max(n.first_at) over (
      partition by n.lead_number order by n.stage_number
      rows between unbounded preceding and 1 preceding
    ) as first_before_at,
    max(n.last_at) over (
      partition by n.lead_number order by n.stage_number
      rows between unbounded preceding and 1 preceding
    ) as last_before_at,
    max(n.last_at) over (
      partition by n.lead_number order by n.stage_number
      rows between 1 following and unbounded following
    ) as later_last_at,
    min(case when n.dated = 1 then n.stage_number end) over (
      partition by n.lead_number order by n.stage_number
      rows between 1 following and unbounded following
    ) as next_dated_number
  from entered as n
),

ordered as (
  select
    w.lead_number,
    w.stage_number,
    w.entries,
    w.first_at,
    w.last_at,
    w.first_day,
    w.first_timed,
    w.dated,
    w.depth,
    w.previous_number,
    w.next_number,
    w.later_last_at,
    w.next_dated_number,
    max(case when w.first_at < w.first_before_at then 1 else 0 end) over (
      partition by w.lead_number
    ) as is_tangled,
    max(
      case when w.depth < w.stage_number or w.first_at < w.first_before_at then 1 else 0 end
    ) over (
      partition by w.lead_number order by w.stage_number
      rows between unbounded preceding and current row
    ) as is_first_broken,
    max(
      case when w.depth < w.stage_number or w.last_at < w.last_before_at then 1 else 0 end
    ) over (
      partition by w.lead_number order by w.stage_number
      rows between unbounded preceding and current row
    ) as is_last_broken
  from walked as w
)

select
  o.lead_number,
  o.stage_number,
  o.entries,
  o.first_at,
  o.last_at,
  o.first_day,
  o.first_timed,
  o.dated,
  o.depth,
  o.previous_number,
  o.next_number,
  o.later_last_at,
  o.next_dated_number,
  coalesce(o.next_dated_number, o.next_number) as imputed_next_number,
  o.is_tangled,
  o.is_first_broken = 0 as is_first_ordered,
  o.is_last_broken = 0 as is_last_ordered,
  coalesce(
    lead(o.is_first_broken) over (partition by o.lead_number order by o.stage_number) = 0, false
  ) as is_next_first_ordered
from ordered as o
