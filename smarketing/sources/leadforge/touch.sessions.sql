-- from: sessions
-- Which pages did the leads visit? The simulator does not say how they came.
select
  s._row,
  s._file_id,
  s.session_id as touch_id,
  l.contact_id as person_id,
  s.lead_id,
  l.account_id,
  s.session_type as kind,
  'marketing' as side,
  'inbound' as direction,
  s.session_timestamp as occurred_at
from sessions s
left join leads_current l on l.lead_id = s.lead_id
