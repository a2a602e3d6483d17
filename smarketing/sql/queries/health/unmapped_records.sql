-- question: which raw values does no rule of the agreement map, in how many records?
-- grain: one row per source and raw value of the table and column asked for
-- parameters: $table_name, $column_name
with classified as (
  select 'lead' as table_name, 'channel' as column_name, l.raw_channel as raw_value, l.source
  from dim_lead as l where l.channel = '(unmapped)' and not l.is_stub
  union all
  select 'lead', 'region', l.country, l.source from dim_lead as l
  where l.region = '(unmapped)' and not l.is_stub
  union all
  select 'lead', 'segment', cast(a.employees as text), l.source
  from dim_lead as l left join dim_account as a on a.account_id = l.account_id
  where l.segment = '(unmapped)' and not l.is_stub
  union all
  select 'person', 'persona', p.title, p.source from dim_person as p where p.persona = '(unmapped)'
  union all
  select 'account', 'segment', cast(a.employees as text), a.source
  from dim_account as a where a.segment = '(unmapped)'
  union all
  select 'account', 'region', coalesce(a.country, a.raw_region), a.source
  from dim_account as a where a.region = '(unmapped)'
  union all
  select 'deal', 'channel', d.raw_channel, d.source from fct_deal as d
  where d.channel = '(unmapped)'
  union all
  select 'touch', 'channel', t.raw_channel, t.source from fct_touch as t
  where t.channel = '(unmapped)' and t.side = 'marketing'
  union all
  select 'campaign', 'channel', c.raw_channel, c.source from dim_campaign as c
  where c.channel = '(unmapped)'
  union all
  select 'lead', 'status', l.status, l.source
  from dim_lead as l
  inner join map_lead_status as m on m.source = l.source and m.status = l.status
  where m.stage is null
)
select c.table_name, c.column_name, c.source, c.raw_value, count(*) as records
from classified as c
where c.table_name = $table_name and c.column_name = $column_name
group by c.table_name, c.column_name, c.source, c.raw_value
order by records desc, c.source, c.raw_value
