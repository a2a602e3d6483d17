-- from: contract
-- What do customers pay again and again? Columns as they are.
select
  c._row,
  c._file_id,
  c.modified_at as _modified,
  c.contract_id,
  c.account_id,
  c.deal_id,
  c.starts_on,
  c.ends_on,
  c.recurring_amount,
  c.currency,
  c.churned_on
from contract c
