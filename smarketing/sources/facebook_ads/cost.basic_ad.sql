-- from: basic_ad
-- What was spent per ad and day? One cost per row of the report, at the ad's campaign, looked up in
-- its history where the row does not name it.
select
  s._row,
  s._file_id,
  s._fivetran_synced as _modified,
  concat(s._file_id, '-', s._row) as cost_id,
  s.date as incurred_on,
  'marketing' as team,
  'media' as category,
  s.spend as amount,
  a.currency,
  coalesce(s.campaign_id, h.campaign_id) as campaign_id,
  s.impressions,
  s.inline_link_clicks as clicks
from basic_ad s
left join ad_history_current h on h.id = s.ad_id
left join account_history_current a on a.id = s.account_id
where s.spend is not null
