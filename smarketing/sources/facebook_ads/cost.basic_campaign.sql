-- from: basic_campaign
-- What was spent per campaign and day? One cost per row of the report.
with grained as (
  select
    s.*,
    md5(concat_ws('|',
      'basic_campaign', coalesce(s.account_id, ''), coalesce(s.date, ''),
      coalesce(s.campaign_id, ''), coalesce(s._fivetran_id, '')
    )) as grain
  from basic_campaign s
)
select
  g._row,
  g._file_id,
  g._fivetran_synced as _modified,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  g.date as incurred_on,
  'marketing' as team,
  'media' as category,
  g.spend as amount,
  a.currency,
  g.campaign_id,
  g.impressions,
  g.inline_link_clicks as clicks
from grained g
left join account_history_current a on a.id = g.account_id
