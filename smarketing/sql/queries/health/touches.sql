-- question: which touches can be part of no journey, and why?
-- grain: one row per source, kind and reason
-- parameters: none
select
  t.source,
  t.kind,
  t.unusable_reason as reason,
  count(*) as records,
  min(t.touch_id) as example
from fct_touch as t
where not t.is_usable
group by t.source, t.kind, t.unusable_reason
order by records desc, t.source, t.kind, t.unusable_reason
