-- question: which records of a table and source lack the date that figures of a period need?
-- grain: one row per record
-- parameters: $table_name, $source
with lacking as (
  select 'lead' as table_name, l.source, l.lead_id as record_id, l.status as said, l.owner
  from dim_lead as l
  inner join lead_key as k on k.lead_id = l.lead_id
  left join lead_course as c on c.lead_number = k.lead_number
  where not l.is_stub and l.created_at is null and c.began_day is null
  union all
  select 'deal' as table_name, d.source, d.deal_id, d.stage, d.owner
  from fct_deal as d where d.created_at is null
  union all
  select 'feedback' as table_name, f.source, f.feedback_id, f.kind, cast(null as text)
  from feedback as f where f.asked_at is null
  union all
  select 'contract' as table_name, c.source, c.contract_id, c.account_id, cast(null as text)
  from contract as c where c.starts_on is null
)

select g.record_id, g.source, g.said, g.owner
from lacking as g
where g.table_name = $table_name and g.source = $source
order by g.record_id
