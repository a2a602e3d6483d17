-- question: how many records lack the date that figures of a period need, by source?
-- grain: one row per table and source
-- parameters: none
-- A lead's beginning may also be known from its own entry into the first stage. Creations that are
-- load stamps are a finding of their own.
with lacking as (
  select 'lead' as table_name, l.source, l.lead_id as record_id
  from dim_lead as l
  inner join lead_key as k on k.lead_id = l.lead_id
  left join lead_course as c on c.lead_number = k.lead_number
  where not l.is_stub and l.created_at is null and c.began_day is null
  union all
  select 'deal' as table_name, d.source, d.deal_id from fct_deal as d where d.created_at is null
  union all
  select 'feedback' as table_name, f.source, f.feedback_id
  from feedback as f where f.asked_at is null
  union all
  select 'contract' as table_name, c.source, c.contract_id
  from contract as c where c.starts_on is null
)

select g.table_name, g.source, count(*) as records, min(g.record_id) as example
from lacking as g
group by g.table_name, g.source
order by g.table_name, g.source
