-- from: calls
-- Whom did sales call, or who called? One that nobody answered was tried; one that was called off or
-- failed reached nobody.
select
  c._row,
  c._file_id,
  c.hs_lastmodifieddate as _modified,
  concat('call-', c.id, '-', p.contact_id) as touch_id,
  p.contact_id as person_id,
  'call' as kind,
  'sales' as side,
  case when lower(c.hs_call_direction) like 'in%' then 'inbound' else 'outbound' end as direction,
  c.hs_timestamp as occurred_at,
  c.hs_call_title as content,
  coalesce(c.hubspot_owner_id, c.owner_name) as actor_id,
  c.hs_call_disposition as outcome,
  c.hs_createdate as created_at
from calls c
cross join unnest(c.associated_contact_ids) p(contact_id)
where lower(coalesce(c.hs_call_status, '')) not in (
  'canceled', 'cancelled', 'failed', 'queued', 'connecting', 'calling_crm_user'
)
