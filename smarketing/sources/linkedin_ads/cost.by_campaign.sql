-- from: ad_analytics_by_campaign
-- What was spent per campaign and day, in dollars where they are given? One cost per row that names
-- one: LinkedIn leaves it blank on days without spend.
select
  s._row,
  s._file_id,
  s._fivetran_synced as _modified,
  concat(s._file_id, '-', s._row) as cost_id,
  -- a day written as an instant is still a day
  without_midnight(s.day) as incurred_on,
  'marketing' as team,
  'media' as category,
  coalesce(s.cost_in_usd, s.cost_in_local_currency) as amount,
  case when s.cost_in_usd is not null then 'USD' end as currency,
  s.campaign_id,
  s.impressions,
  s.clicks
from ad_analytics_by_campaign s
where coalesce(
  s.cost_in_usd,
  case when try_cast(s.cost_in_local_currency as double) = 0 then null
    else s.cost_in_local_currency end
) is not null
