-- from: campaign_report
-- What was spent per campaign and day, in a report downloaded by hand? Nothing where a connector
-- has landed the same report.
with grained as (
  select
    r.*,
    md5(concat_ws('|',
      'campaign_report', coalesce(r."Account number", r."Account name", ''),
      coalesce(r."Gregorian date", ''), coalesce(r."Campaign ID", r."Campaign name", ''),
      coalesce(r."Currency code", ''), coalesce(r."Device type", ''), coalesce(r."Device OS", ''),
      coalesce(r."Network", ''), coalesce(r."Top vs. other", ''),
      coalesce(r."Delivered match type", ''), coalesce(r."Bid match type", ''),
      coalesce(r."Ad distribution", '')
    )) as grain
  from campaign_report r
  where not exists (select 1 from campaign_performance_daily_report_current)
)
select
  g._row,
  g._file_id,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  g."Gregorian date" as incurred_on,
  'marketing' as team,
  'media' as category,
  g."Spend" as amount,
  g."Currency code" as currency,
  coalesce(g."Campaign ID", g."Campaign name") as campaign_id,
  g."Impressions" as impressions,
  g."Clicks" as clicks
from grained g
