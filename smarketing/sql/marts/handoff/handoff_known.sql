-- question: does any source say what sales did with the leads of a source, and what it decided on them?
-- parameters: $accepted_stage
-- grain: one row per source of leads
-- Without a single touch of sales, by the source itself or with a lead of its own that was handed
-- over, nobody can say that a lead was not called; without a decision on any, that one was not
-- decided.
with worked as (
  select t.source
  from sales_touch as t
  where not t.is_ahead and (t.is_sales or t.is_meeting)
  union
  select k.source
  from handoff_touch as h
  inner join sales_touch as t on t.touch_id = h.touch_id
  inner join lead_key as k on k.lead_number = h.lead_number
  where not t.is_ahead
),

decided as (
  select distinct k.source
  from fct_stage_entry as e
  inner join agreement_stage as a on a.stage = $accepted_stage
  inner join lead_key as k on k.lead_id = e.lead_id
  where e.kind = 'exit' or e.stage_number >= a.stage_number
),

given as (
  select distinct k.source from lead_key as k
)

select
  g.source,
  w.source is not null as is_worked_known,
  d.source is not null as is_decided_known
from given as g
left join worked as w on w.source = g.source
left join decided as d on d.source = g.source
