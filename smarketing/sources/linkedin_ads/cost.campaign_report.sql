-- from: campaign_report
-- What was spent per campaign and day, in a report downloaded by hand? Nothing where a connector
-- has landed the same report.
with grained as (
  select
    r.*,
    md5(concat_ws('|',
      'campaign_report', coalesce(r."Account ID", r."Account Name", ''),
      coalesce(r."Start Date (in UTC)", ''), coalesce(r."Campaign ID", r."Campaign Name", ''),
      coalesce(r."Ad ID", ''), coalesce(r."Currency", '')
    )) as grain
  from campaign_report r
  where not exists (select 1 from ad_analytics_by_campaign_current)
)
select
  g._row,
  g._file_id,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  g."Start Date (in UTC)" as incurred_on,
  'marketing' as team,
  'media' as category,
  g."Total Spent" as amount,
  g."Currency" as currency,
  coalesce(g."Campaign ID", g."Campaign Name") as campaign_id,
  g."Impressions" as impressions,
  g."Clicks" as clicks
from grained g
