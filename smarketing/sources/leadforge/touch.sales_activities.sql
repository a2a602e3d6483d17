-- from: sales_activities
-- What did the reps do? Kinds carry sales_ in front, since a call of a rep and a call of a
-- programme are two things.
select
  a._row,
  a._file_id,
  a.activity_id as touch_id,
  l.contact_id as person_id,
  a.lead_id,
  l.account_id,
  'sales_' || a.activity_type as kind,
  'sales' as side,
  'outbound' as direction,
  a.activity_timestamp as occurred_at,
  a.rep_id as actor_id,
  a.activity_outcome as outcome
from sales_activities a
left join leads_current l on l.lead_id = a.lead_id
