-- from: campaign_stats
-- What was spent per campaign and day? One cost per row of the report.
select
  s._row,
  s._file_id,
  s._fivetran_synced as _modified,
  concat(s._file_id, '-', s._row) as cost_id,
  s.date as incurred_on,
  'marketing' as team,
  'media' as category,
  -- a value that is no number goes on as it is, so that it is quarantined and not lost
  coalesce(
    cast(try_cast(s.cost_micros as decimal(28, 4)) * cast(0.000001 as decimal(7, 6)) as varchar),
    s.cost_micros
  ) as amount,
  a.currency_code as currency,
  s.id as campaign_id,
  s.impressions,
  s.clicks
from campaign_stats s
left join account_history_current a on a.id = s.customer_id
where s.cost_micros is not null
