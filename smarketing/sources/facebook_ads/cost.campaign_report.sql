-- from: campaign_report
-- What was spent per campaign (ad set, ad) and day, in a report Ads Manager downloaded? Where it is
-- not broken down by day a row covers a month, a week, or all of the report's days; where it is, a
-- row without a day is a total. A row without an amount ran no ads.
-- Where the header names another currency than its row, an amount has the header's beside it, so
-- that it goes to quarantine.
with broken_down as (
  select
    r.*,
    coalesce(r."Month", r."Week") as span,
    count(coalesce(r."Day", r."Month", r."Week")) over (partition by r._file_id) > 0 as is_dated
  from campaign_report r
),
dated as (
  select
    b.*,
    case
      when not b.is_dated then b."Reporting starts"
      else coalesce(b."Day", trim(split_part(b.span, ' - ', 1)))
    end as first_day,
    case
      when not b.is_dated then b."Reporting ends"
      when b."Day" is null then trim(split_part(b.span, ' - ', 2))
    end as last_day
  from broken_down b
)
select
  d._row,
  d._file_id,
  concat(d._file_id, '-', d._row) as cost_id,
  d.first_day as incurred_on,
  d.last_day as covers_until,
  'marketing' as team,
  'media' as category,
  case
    when d."Currency" <> d._header_currency
      then nullif(trim(d."Amount spent"), '') || ' ' || d._header_currency
    else d."Amount spent"
  end as amount,
  coalesce(d."Currency", d._header_currency) as currency,
  coalesce(d."Campaign ID", d."Campaign name") as campaign_id,
  d."Impressions" as impressions,
  coalesce(d."Link clicks", d."Clicks (all)") as clicks
from dated d
where d.first_day is not null and d."Amount spent" is not null
