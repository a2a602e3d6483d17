-- from: api_analytics
-- What was spent per campaign and day, as the API answers it, days as text or in parts? Only what is
-- cut by campaign: the same money cut by creative or by members comes again, and not all of it.
select
  s._row,
  s._file_id,
  concat(s._file_id, '-', s._row) as cost_id,
  case
    when s."dateRange.start" is not null
      then without_midnight(s."dateRange.start")
    else concat_ws(
      '-', s."dateRange.start.year", lpad(s."dateRange.start.month", 2, '0'),
      lpad(s."dateRange.start.day", 2, '0')
    )
  end as incurred_on,
  case
    when s."dateRange.end" is not null
      then without_midnight(s."dateRange.end")
    when s."dateRange.end.day" is not null
      then concat_ws(
        '-', s."dateRange.end.year", lpad(s."dateRange.end.month", 2, '0'),
        lpad(s."dateRange.end.day", 2, '0')
      )
  end as covers_until,
  'marketing' as team,
  'media' as category,
  coalesce(s."costInUsd", s."costInLocalCurrency") as amount,
  case when s."costInUsd" is not null then 'USD' end as currency,
  regexp_extract(s."pivotValue", 'sponsoredCampaign:(\d+)', 1) as campaign_id,
  s.impressions,
  s.clicks
from api_analytics s
where contains(s."pivotValue", 'sponsoredCampaign:')
  and coalesce(s."costInUsd", s."costInLocalCurrency") is not null
