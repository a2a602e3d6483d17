-- from: meetings
-- Whom did sales meet? A meeting without an outcome took place if it began before anything else in
-- the export was last changed; one that was called off, or to which nobody came, did not.
with export as (
  select max(stamp) as taken_at
  from (
    select max(coalesce(hs_lastmodifieddate, hs_createdate)) as stamp from meetings_current
    union all select max(coalesce(lastmodifieddate, updatedAt)) from contacts_current
    union all select max(coalesce(hs_lastmodifieddate, updatedAt)) from deals_current
  )
)
select
  m._row,
  m._file_id,
  m.hs_lastmodifieddate as _modified,
  concat('meeting-', m.id, '-', p.contact_id) as touch_id,
  p.contact_id as person_id,
  'meeting' as kind,
  'sales' as side,
  m.hs_meeting_start_time as occurred_at,
  m.hs_meeting_title as content,
  coalesce(m.hubspot_owner_id, m.owner_name) as actor_id,
  'held' as outcome,
  m.hs_createdate as created_at
from meetings m
cross join export x
cross join unnest(m.associated_contact_ids) p(contact_id)
where lower(coalesce(m.hs_meeting_outcome, '')) = 'completed'
  or lower(coalesce(m.hs_meeting_outcome, '')) in ('', 'scheduled')
  and (x.taken_at is null or m.hs_meeting_start_time <= x.taken_at)
