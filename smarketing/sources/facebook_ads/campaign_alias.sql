-- from: campaign_history
-- Under which id do links carry the campaign? {{campaign.id}} of a URL parameter is its id.
select
  h._row,
  h._file_id,
  h.updated_time as _modified,
  h.id as alias,
  h.id as campaign_id
from campaign_history h
