-- from: quota
-- What has each member undertaken to sell? Columns as they are.
select
  q._row,
  q._file_id,
  q.modified_at as _modified,
  q.member_id,
  q.period,
  q.amount,
  q.currency
from quota q
