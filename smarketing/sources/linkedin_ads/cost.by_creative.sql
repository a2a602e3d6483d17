-- from: ad_analytics_by_creative
-- What was spent, where only the report by creative is there? Nothing, as soon as a campaign
-- report is. The campaign of a creative is looked up in its history.
with grained as (
  select
    s.*,
    md5(concat_ws('|',
      'by_creative', coalesce(s.creative_id, ''), left(coalesce(s.day, ''), 10)
    )) as grain
  from ad_analytics_by_creative s
  where not exists (select 1 from ad_analytics_by_campaign_current)
    and not exists (select 1 from campaign_report_current)
)
select
  g._row,
  g._file_id,
  g._fivetran_synced as _modified,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  regexp_replace(g.day, '[ T]00:00(:00(\.0+)?)?Z?$', '') as incurred_on,
  'marketing' as team,
  'media' as category,
  coalesce(g.cost_in_usd, g.cost_in_local_currency) as amount,
  case when g.cost_in_usd is not null then 'USD' end as currency,
  h.campaign_id,
  g.impressions,
  g.clicks
from grained g
left join creative_history_current h on h.id = g.creative_id
where coalesce(
  g.cost_in_usd,
  case when try_cast(g.cost_in_local_currency as double) = 0 then null
    else g.cost_in_local_currency end
) is not null
