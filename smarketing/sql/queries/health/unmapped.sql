-- question: how many records have a value that no rule of the agreement maps, or none at all?
-- grain: one row per table, column and value of the two
-- parameters: none
with classified as (
  select 'lead' as table_name, 'channel' as column_name, l.channel as value,
    l.raw_channel as raw_value, l.source
  from dim_lead as l where not l.is_stub
  union all
  select 'lead', 'segment', l.segment, null, l.source from dim_lead as l where not l.is_stub
  union all
  select 'lead', 'region', l.region, l.country, l.source from dim_lead as l where not l.is_stub
  union all
  select 'person', 'persona', p.persona, p.title, p.source from dim_person as p
  union all
  select 'account', 'segment', a.segment, null, a.source from dim_account as a
  union all
  select 'account', 'region', a.region, a.country, a.source from dim_account as a
  union all
  select 'deal', 'channel', d.channel, d.raw_channel, d.source from fct_deal as d
  union all
  select 'touch', 'channel', t.channel, t.raw_channel, t.source from fct_touch as t
  where t.side = 'marketing'
  union all
  select 'campaign', 'channel', c.channel, c.raw_channel, c.source from dim_campaign as c
  union all
  select 'lead', 'status', case when m.stage is null then '(unmapped)' else m.stage end,
    l.status, l.source
  from dim_lead as l
  inner join map_lead_status as m on m.source = l.source and m.status = l.status
),
counted as (
  select
    c.table_name,
    c.column_name,
    count(*) as total,
    sum(case when c.value = '(unmapped)' then 1 else 0 end) as unmapped,
    sum(case when c.value = '(unknown)' then 1 else 0 end) as unknown_records,
    min(case when c.value = '(unmapped)' then c.raw_value end) as example
  from classified as c
  group by c.table_name, c.column_name
)
select c.table_name, c.column_name, '(unmapped)' as value, c.unmapped as records, c.total, c.example
from counted as c
where c.unmapped > 0
union all
select c.table_name, c.column_name, '(unknown)', c.unknown_records, c.total, cast(null as text)
from counted as c
where c.unknown_records > 0
order by records desc, table_name, column_name, value
