-- from: CampaignMember
-- Which campaigns do members name that no file of campaigns holds? A report of members has the name
-- and the type beside the id. One row per campaign and file.
select
  m._row,
  m._file_id,
  m.CampaignId as campaign_id,
  m."Campaign.Name" as name,
  m."Campaign.Type" as channel,
  m."Campaign.Type" as kind
from CampaignMember m
where coalesce(m."Campaign.Name", m."Campaign.Type") is not null
  and not exists (select 1 from Campaign_every c where c.Id = m.CampaignId)
qualify row_number() over (partition by m._file_id, m.CampaignId order by m._row desc) = 1
