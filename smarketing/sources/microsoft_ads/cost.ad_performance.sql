-- from: ad_performance_daily_report
-- What was spent per ad and day? One cost per row of the report, at the ad's campaign.
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
from ad_performance_daily_report s
where s.spend is not null
