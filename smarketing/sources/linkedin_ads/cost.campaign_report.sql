-- from: campaign_report
-- What was spent per campaign and day, in a report downloaded by hand? A row without a day is a
-- total, one whose spend is a dash or blank ran no ads.
-- Where the header names another currency than its row, an amount has the header's beside it, so
-- that it goes to quarantine.
select
  r._row,
  r._file_id,
  concat(r._file_id, '-', r._row) as cost_id,
  r."Start Date (in UTC)" as incurred_on,
  'marketing' as team,
  'media' as category,
  case
    when r."Currency" <> r._header_currency
      then nullif(trim(r."Total Spent"), '') || ' ' || r._header_currency
    else r."Total Spent"
  end as amount,
  coalesce(r."Currency", r._header_currency) as currency,
  coalesce(r."Campaign ID", r."Campaign Name") as campaign_id,
  r."Impressions" as impressions,
  r."Clicks" as clicks
from campaign_report r
where
  trim(r."Start Date (in UTC)") not in ('', '-', '--')
  and trim(r."Total Spent") not in ('', '-', '--')
