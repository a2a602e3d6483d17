-- from: campaign_stats
-- What was spent per campaign and day? One cost per row of the report. The id is a hash of
-- everything the report is cut by, so that a corrected report replaces and a split one adds up;
-- rows of one file that agree in all of it are told apart by their order.
with grained as (
  select
    s.*,
    md5(concat_ws('|',
      'campaign_stats', coalesce(s._fivetran_id, ''), coalesce(s.customer_id, ''),
      coalesce(s.date, ''), coalesce(s.id, ''), coalesce(s.ad_network_type, ''),
      coalesce(s.device, '')
    )) as grain
  from campaign_stats s
)
select
  g._row,
  g._file_id,
  g._fivetran_synced as _modified,
  g.grain || '-' || row_number() over (partition by g._file_id, g.grain order by g._row) as cost_id,
  g.date as incurred_on,
  'marketing' as team,
  'media' as category,
  -- a value that is no number goes on as it is, so that it is quarantined and not lost
  coalesce(
    cast(try_cast(g.cost_micros as decimal(28, 4)) * cast(0.000001 as decimal(7, 6)) as varchar),
    g.cost_micros
  ) as amount,
  a.currency_code as currency,
  g.id as campaign_id,
  g.impressions,
  g.clicks
from grained g
left join account_history_current a on a.id = g.customer_id
