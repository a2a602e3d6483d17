-- question: which leads or deals have a creation that is unknown, and what was their stamp?
-- grain: one row per lead or deal of the table asked for
-- parameters: $table_name
with unknown_creation as (
  select 'lead' as table_name, l.lead_id as record_id, l.source, l.created_at,
    cast(null as date) as closed_day
  from dim_lead as l
  where not l.created_known and l.created_at is not null
  union all
  select 'deal', d.deal_id, d.source, d.created_at, d.closed_day
  from fct_deal as d
  where not d.created_known and d.created_at is not null
)
select u.table_name, u.record_id, u.source, u.created_at, u.closed_day
from unknown_creation as u
where u.table_name = $table_name
order by u.created_at, u.record_id
