-- from: deal_account
-- Which companies take part in a deal? Columns as they are.
select
  d._row,
  d._file_id,
  d.modified_at as _modified,
  d.deal_id,
  d.account_id,
  d.is_primary
from deal_account d
