-- question: which values does a dimension take among leads, and how often?
-- grain: one row per value of the dimension
-- parameters: none
with scope as (
  select '(all)' as key, lead_id from dim_lead
)
select key, count(*) as records
from scope
group by key
order by key
