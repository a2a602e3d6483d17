-- question: which values does a dimension take among deals, and how often?
-- grain: one row per value of the dimension
-- parameters: none
with scope as (
  select '(all)' as key, deal_id from fct_deal
)
select key, count(*) as records
from scope
group by key
order by key
