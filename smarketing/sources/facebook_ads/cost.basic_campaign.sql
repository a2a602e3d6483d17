-- from: basic_campaign
-- What was spent per campaign and day? One cost per row of the report.
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
  s.campaign_id,
  s.impressions,
  s.inline_link_clicks as clicks
from basic_campaign s
left join account_history_current a on a.id = s.account_id
where s.spend is not null
