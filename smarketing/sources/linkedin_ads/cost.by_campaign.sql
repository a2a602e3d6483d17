-- from: ad_analytics_by_campaign
-- What was spent per campaign and day, in dollars where they are given? One cost per row that names
-- one: LinkedIn leaves it blank on days without spend. The id is a hash of campaign and day; rows
-- of one file that agree in both are told apart by their order.
with grained as (
  select
    s.*,
    md5(concat_ws('|',
      'by_campaign', coalesce(s.campaign_id, ''), left(coalesce(s.day, ''), 10)
    )) as grain
  from ad_analytics_by_campaign s
)
select
  g._row,
  g._file_id,
  g._fivetran_synced as _modified,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  -- a day written as an instant is still a day
  regexp_replace(g.day, '[ T]00:00(:00(\.0+)?)?Z?$', '') as incurred_on,
  'marketing' as team,
  'media' as category,
  coalesce(g.cost_in_usd, g.cost_in_local_currency) as amount,
  case when g.cost_in_usd is not null then 'USD' end as currency,
  g.campaign_id,
  g.impressions,
  g.clicks
from grained g
where coalesce(
  g.cost_in_usd,
  case when try_cast(g.cost_in_local_currency as double) = 0 then null
    else g.cost_in_local_currency end
) is not null
