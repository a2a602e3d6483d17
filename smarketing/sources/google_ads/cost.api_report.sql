-- from: api_report
-- What was spent per campaign and day, as the API answers it? In millionths of a unit.
select
  r._row,
  r._file_id,
  concat(r._file_id, '-', r._row) as cost_id,
  -- a day written as an instant is still a day
  without_midnight(r."segments.date") as incurred_on,
  'marketing' as team,
  'media' as category,
  -- a value that is no number goes on as it is, so that it is quarantined and not lost
  coalesce(
    cast(
      try_cast(r."metrics.cost_micros" as decimal(28, 4)) * cast(0.000001 as decimal(7, 6)) as varchar
    ),
    r."metrics.cost_micros"
  ) as amount,
  coalesce(r."customer.currency_code", c."customer.currency_code") as currency,
  coalesce(
    r."campaign.id", regexp_extract(r."campaign.resource_name", '\d+$'), r."campaign.name"
  ) as campaign_id,
  r."metrics.impressions" as impressions,
  r."metrics.clicks" as clicks
from api_report r
left join api_customer_current c on c."customer.id" = r."customer.id"
where r."metrics.cost_micros" is not null
