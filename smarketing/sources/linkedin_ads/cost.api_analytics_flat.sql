-- from: api_analytics_flat
-- What was spent per campaign and day, as the API answers it, days as text? Only what is cut by campaign:
-- the same money cut by creative or by members comes again, and not all of it.
select
  s._row,
  s._file_id,
  concat(s._file_id, '-', s._row) as cost_id,
  regexp_replace(s."dateRange.start", '[ T]00:00(:00(\.0+)?)?Z?$', '') as incurred_on,
  regexp_replace(s."dateRange.end", '[ T]00:00(:00(\.0+)?)?Z?$', '') as covers_until,
  'marketing' as team,
  'media' as category,
  coalesce(s."costInUsd", s."costInLocalCurrency") as amount,
  case when s."costInUsd" is not null then 'USD' end as currency,
  regexp_extract(s."pivotValue", 'sponsoredCampaign:(\d+)', 1) as campaign_id,
  s.impressions,
  s.clicks
from api_analytics_flat s
where contains(s."pivotValue", 'sponsoredCampaign:')
  and coalesce(s."costInUsd", s."costInLocalCurrency") is not null
