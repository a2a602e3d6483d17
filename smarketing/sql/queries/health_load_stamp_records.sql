-- question: which leads and deals have a creation that is unknown, and what was their stamp?
-- grain: one row per lead or deal
-- parameters: none
select 'lead' as table_name, l.lead_id as record_id, l.created_at, cast(null as date) as closed_day
from dim_lead as l
where not l.created_known and l.created_at is not null
union all
select 'deal' as table_name, d.deal_id as record_id, d.created_at, d.closed_day
from fct_deal as d
where not d.created_known and d.created_at is not null
order by table_name, created_at, record_id
