-- from: ad_performance_daily_report
-- What was spent, where only the report by ad is there? Nothing, as soon as a campaign report is.
with grained as (
  select
    s.*,
    md5(concat_ws('|',
      'ad_performance',
      coalesce(s.account_id, ''), coalesce(s.date, ''), coalesce(s.campaign_id, ''),
      coalesce(s.ad_group_id, ''), coalesce(s.ad_id, ''),
      coalesce(s.currency_code, ''), coalesce(s.device_os, ''), coalesce(s.device_type, ''),
      coalesce(s.network, ''), coalesce(s.language, ''), coalesce(s.ad_distribution, ''),
      coalesce(s.bid_match_type, ''), coalesce(s.delivered_match_type, ''),
      coalesce(s.top_vs_other, ''), coalesce(s.budget_association_status, ''),
      coalesce(s.budget_name, '')
    )) as grain
  from ad_performance_daily_report s
  where not exists (select 1 from campaign_performance_daily_report_current)
    and not exists (select 1 from campaign_report_current)
)
select
  g._row,
  g._file_id,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  g.date as incurred_on,
  'marketing' as team,
  'media' as category,
  g.spend as amount,
  g.currency_code as currency,
  g.campaign_id,
  g.impressions,
  g.clicks
from grained g
