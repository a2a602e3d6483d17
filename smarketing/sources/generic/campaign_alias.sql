-- from: campaign_alias
-- Under which other names is a campaign known? Columns as they are.
select
  c._row,
  c._file_id,
  c.modified_at as _modified,
  c.alias,
  c.campaign_id
from campaign_alias c
