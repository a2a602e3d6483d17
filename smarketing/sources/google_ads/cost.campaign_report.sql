-- from: campaign_report
-- What was spent per campaign and day, in a report downloaded by hand? Nothing where a connector
-- has landed the same report.
with grained as (
  select
    r.*,
    md5(concat_ws('|',
      'campaign_report', coalesce(r."Customer ID", r."Account", ''), coalesce(r."Day", ''),
      coalesce(r."Campaign ID", r."Campaign", ''), coalesce(r."Ad group", ''),
      coalesce(r."Device", ''), coalesce(r."Network", '')
    )) as grain
  from campaign_report r
  where not exists (select 1 from campaign_stats_current)
)
select
  g._row,
  g._file_id,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  g."Day" as incurred_on,
  'marketing' as team,
  'media' as category,
  g."Cost" as amount,
  g."Currency code" as currency,
  coalesce(g."Campaign ID", g."Campaign") as campaign_id,
  g."Impr." as impressions,
  g."Clicks" as clicks
from grained g
