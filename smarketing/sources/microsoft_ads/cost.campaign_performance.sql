-- from: campaign_performance_daily_report
-- What was spent per campaign and day? The report has many rows a day: by device, network, match
-- type.
select
  s._row,
  s._file_id,
  concat(s._file_id, '-', s._row) as cost_id,
  s.date as incurred_on,
  'marketing' as team,
  'media' as category,
  s.spend as amount,
  s.currency_code as currency,
  s.campaign_id,
  s.impressions,
  s.clicks
from campaign_performance_daily_report s
where s.spend is not null
