-- from: owners
-- Who owns contacts and deals? HubSpot does not say on which team; a members file can.
select
  o._row,
  o._file_id,
  o.updatedAt as _modified,
  o.id as member_id,
  coalesce(nullif(concat_ws(' ', o.firstName, o.lastName), ''), o.email) as name
from owners o
