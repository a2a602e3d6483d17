-- question: which records have no value in the column asked for?
-- grain: one row per record
-- parameters: $table_name, $column_name
with classified as (
  select 'lead' as table_name, 'channel' as column_name, l.lead_id as record_id,
    l.channel as value, l.source
  from dim_lead as l where not l.is_stub
  union all
  select 'lead', 'segment', l.lead_id, l.segment, l.source from dim_lead as l where not l.is_stub
  union all
  select 'lead', 'region', l.lead_id, l.region, l.source from dim_lead as l where not l.is_stub
  union all
  select 'person', 'persona', p.person_id, p.persona, p.source from dim_person as p
  union all
  select 'account', 'segment', a.account_id, a.segment, a.source from dim_account as a
  union all
  select 'account', 'region', a.account_id, a.region, a.source from dim_account as a
  union all
  select 'deal', 'channel', d.deal_id, d.channel, d.source from fct_deal as d
  union all
  select 'touch', 'channel', t.touch_id, t.channel, t.source from fct_touch as t
  where t.side = 'marketing'
  union all
  select 'campaign', 'channel', c.campaign_id, c.channel, c.source from dim_campaign as c
)
select c.table_name, c.column_name, c.record_id, c.source
from classified as c
where c.table_name = $table_name and c.column_name = $column_name and c.value = '(unknown)'
order by c.source, c.record_id
