-- from: basic_ad
-- What was spent per ad and day? One cost per row of the report, at the ad's campaign, looked up in
-- its history; nothing where a report by campaign is there. The id is a hash of all the report is
-- cut by; rows of one file that agree in all of it are told apart by their order.
with grained as (
  select
    s.*,
    md5(concat_ws('|',
      'basic_ad', coalesce(s.account_id, ''), coalesce(s.date, ''), coalesce(s.ad_id, ''),
      coalesce(s._fivetran_id, '')
    )) as grain
  from basic_ad s
  where not exists (select 1 from basic_campaign_current)
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
  coalesce(g.campaign_id, h.campaign_id) as campaign_id,
  g.impressions,
  g.inline_link_clicks as clicks
from grained g
left join ad_history_current h on h.id = g.ad_id
left join account_history_current a on a.id = g.account_id
