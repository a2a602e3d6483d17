-- from: fx_rate
-- What was a currency worth in the agreement's, on a day? Columns as they are.
select
  f._row,
  f._file_id,
  f.modified_at as _modified,
  f.currency,
  f.rate_on,
  f.rate
from fx_rate f
