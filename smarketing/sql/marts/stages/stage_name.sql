-- question: in which order do stages and exits stand at one instant?
-- grain: one row per stage and exit of the agreement, in its order; exits come last
select s.stage_number as stage_order, s.stage, s.stage_number, 'entry' as kind
from agreement_stage as s
union all
select
  1000 + x.exit_number as stage_order,
  x.stage,
  cast(null as bigint) as stage_number,
  'exit' as kind
from agreement_exit as x
