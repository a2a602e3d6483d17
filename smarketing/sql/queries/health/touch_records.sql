-- question: which touches can be part of no journey?
-- grain: one row per touch
-- parameters: $reason
select t.touch_id, t.source, t.kind, t.side, t.campaign, t.occurred_at, t.unusable_reason as reason
from fct_touch as t
where not t.is_usable and t.unusable_reason = $reason
order by t.source, t.kind, t.touch_id
