-- from: score_event
-- What was a lead's score, when? Columns as they are.
select
  s._row,
  s._file_id,
  s.modified_at as _modified,
  s.lead_id,
  s.scored_at,
  s.score
from score_event s
