-- from: campaign
-- Which campaigns were run? Columns as they are.
select
  c._row,
  c._file_id,
  c.modified_at as _modified,
  c.campaign_id,
  c.name,
  c.channel,
  c.kind,
  c.parent_id,
  c.status,
  c.starts_on,
  c.ends_on,
  c.budget,
  c.currency,
  c.owner_id,
  c.persona
from campaign c
