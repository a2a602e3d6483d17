-- question: does any source say what sales did with its leads, and what it decided on them?
-- parameters: $accepted_stage
-- grain: one row
-- Without a single touch of sales nobody can say that a lead was not called, and without a decision
-- on any lead nobody that one was not decided.
with worked as (
  select count(*) as touches from sales_touch as t where t.is_sales or t.is_meeting
),

decided as (
  select count(*) as decisions
  from fct_stage_entry as e
  inner join agreement_stage as a on a.stage = $accepted_stage
  where e.kind = 'exit' or e.stage_number >= a.stage_number
)

select w.touches > 0 as is_worked_known, d.decisions > 0 as is_decided_known
from worked as w
cross join decided as d
