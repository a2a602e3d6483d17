-- question: how much did each key earn in each account, under every rule-based model?
-- grain: one row per cluster (account, else person, else the unit alone) and key
-- parameters: $measure, $from_day, $to_day
-- Accounts are what is drawn again to see how far the shares may move.
with scope as (
  select
    '(all)' as key,
    c.is_attributed,
    c.cluster_id,
    c.each_model_credit
  from fct_credit as c
  where c.measure = $measure and c.day >= $from_day and c.day < $to_day
)
select
  s.cluster_id,
  s.key,
  s.is_attributed,
  sum(s.each_model_credit) as each_model_credit
from scope as s
group by s.cluster_id, s.key, s.is_attributed
order by s.cluster_id, s.is_attributed, s.key
