-- from: api_campaign
-- Which campaigns were run, as the API or its transfer to a warehouse lists them?
select
  a._row,
  a._file_id,
  a."campaign.id" as campaign_id,
  a."campaign.name" as name,
  'google_ads' as channel,
  lower(a."campaign.advertising_channel_type") as kind,
  a."campaign.status" as status,
  a."campaign.start_date" as starts_on,
  -- Google writes 2037-12-30 for "no end"
  case when a."campaign.end_date" not like '2037-12-30%' then a."campaign.end_date" end as ends_on
from api_campaign a
