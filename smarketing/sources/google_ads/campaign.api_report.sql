-- from: api_report
-- Which campaigns does an answer of the API name? One row per campaign and file: its latest day.
select
  r._row,
  r._file_id,
  coalesce(
    r."campaign.id", regexp_extract(r."campaign.resource_name", '\d+$'), r."campaign.name"
  ) as campaign_id,
  r."campaign.name" as name,
  'google_ads' as channel,
  lower(r."campaign.advertising_channel_type") as kind,
  r."campaign.status" as status
from api_report r
where r."campaign.name" is not null
  and not exists (select 1 from api_campaign_current a where a."campaign.id" = r."campaign.id")
qualify row_number() over (
  partition by r._file_id, coalesce(r."campaign.id", r."campaign.name")
  order by r."segments.date" desc, r._row
) = 1
