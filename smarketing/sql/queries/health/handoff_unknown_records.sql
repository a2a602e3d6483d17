-- question: which leads of a source were handed over?
-- grain: one row per pass of a lead
-- parameters: $source
select
  h.lead_id,
  h.pass_number,
  h.qualified_day,
  h.owner,
  h.source
from fct_handoff as h
where h.source = $source
order by h.qualified_at, h.lead_id, h.pass_number
