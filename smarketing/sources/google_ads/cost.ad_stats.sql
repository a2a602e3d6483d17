-- from: ad_stats
-- What was spent, where only the report by ad is there? Nothing, as soon as a campaign report is.
with grained as (
  select
    s.*,
    md5(concat_ws('|',
      'ad_stats', coalesce(s._fivetran_id, ''), coalesce(s.customer_id, ''),
      coalesce(s.date, ''), coalesce(s.campaign_id, ''),
      coalesce(s.ad_group_id, s.ad_group, ''), coalesce(s.ad_id, ''),
      coalesce(s.keyword_ad_group_criterion, ''), coalesce(s.ad_network_type, ''),
      coalesce(s.device, '')
    )) as grain
  from ad_stats s
  where not exists (select 1 from campaign_stats_current)
    and not exists (select 1 from campaign_report_current)
)
select
  g._row,
  g._file_id,
  g._fivetran_synced as _modified,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  g.date as incurred_on,
  'marketing' as team,
  'media' as category,
  coalesce(
    cast(try_cast(g.cost_micros as decimal(28, 4)) * cast(0.000001 as decimal(7, 6)) as varchar),
    g.cost_micros
  ) as amount,
  a.currency_code as currency,
  g.campaign_id,
  g.impressions,
  g.clicks
from grained g
left join account_history_current a on a.id = g.customer_id
