-- from: ad_analytics_by_creative
-- What was spent per creative and day? Its campaign is looked up in its history. One cost per row
-- that names one: LinkedIn leaves it blank on days without spend.
select
  s._row,
  s._file_id,
  s._fivetran_synced as _modified,
  concat(s._file_id, '-', s._row) as cost_id,
  without_midnight(s.day) as incurred_on,
  'marketing' as team,
  'media' as category,
  coalesce(s.cost_in_usd, s.cost_in_local_currency) as amount,
  case when s.cost_in_usd is not null then 'USD' end as currency,
  h.campaign_id,
  s.impressions,
  s.clicks
from ad_analytics_by_creative s
left join creative_history_current h on h.id = s.creative_id
where coalesce(
  s.cost_in_usd,
  case when try_cast(s.cost_in_local_currency as double) = 0 then null
    else s.cost_in_local_currency end
) is not null
