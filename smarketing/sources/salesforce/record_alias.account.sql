-- from: Account
-- Which accounts were merged away? The record that lost keeps the id of the one that won.
select
  m._row,
  m._file_id,
  coalesce(m.SystemModstamp, m.LastModifiedDate) as _modified,
  'account' as "table",
  m.Id as alias_id,
  m.MasterRecordId as id
from Account m
where m.MasterRecordId is not null
