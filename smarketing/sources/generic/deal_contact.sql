-- from: deal_contact
-- Who takes part in a deal, as what? Columns as they are.
select
  d._row,
  d._file_id,
  d.modified_at as _modified,
  d.deal_id,
  d.person_id,
  d.role,
  d.is_primary
from deal_contact d
