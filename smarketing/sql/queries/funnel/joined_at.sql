-- question: which deals without a lead stand at opportunity or customer at one instant?
-- grain: one row
-- parameters: $at (instant, UTC)
-- A deal of unknown creation existed by its close, or by its record's creation.
with scope as (
  select '(all)' as key, d.created_at, d.closed_at, d.outcome
  from fct_deal as d
  where d.carrier_lead_id is null and (d.created_at <= $at or d.closed_at <= $at)
)

select
  coalesce(sum(case
    when s.outcome not in ('won', 'lost') or s.closed_at is null or s.closed_at > $at then 1 else 0
  end), 0) as open,
  coalesce(sum(case when s.outcome = 'won' and s.closed_at <= $at then 1 else 0 end), 0) as won
from scope as s
