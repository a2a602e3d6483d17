-- from: feedback
-- What did customers answer? Columns as they are.
select
  f._row,
  f._file_id,
  f.modified_at as _modified,
  f.feedback_id,
  f.account_id,
  f.person_id,
  f.asked_at,
  f.kind,
  f.score,
  f.comment
from feedback f
