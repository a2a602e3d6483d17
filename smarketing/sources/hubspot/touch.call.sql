-- from: calls
-- Whom did sales call, or who called? One that nobody answered was tried; one that was called off or
-- failed reached nobody. The API names its own outcomes by ids that are alike in every account. Who
-- called is said in the language of whoever exports; a word that is not known stays as it is.
select
  c._row,
  c._file_id,
  c.hs_lastmodifieddate as _modified,
  concat('call-', c.id, '-', p.contact_id) as touch_id,
  p.contact_id as person_id,
  'call' as kind,
  'sales' as side,
  case
    when coalesce(trim(c.hs_call_direction), '') = '' then 'outbound'
    when lower(trim(c.hs_call_direction)) in (
      'outbound', 'outgoing', 'ausgehend', 'sortant', 'saliente', 'saída', 'in uscita', 'uitgaand',
      '発信'
    ) then 'outbound'
    when lower(trim(c.hs_call_direction)) in (
      'inbound', 'incoming', 'eingehend', 'entrant', 'entrante', 'entrada', 'in entrata',
      'in arrivo', 'inkomend', '着信'
    ) then 'inbound'
    else c.hs_call_direction
  end as direction,
  c.hs_timestamp as occurred_at,
  c.hs_call_title as content,
  coalesce(c.hubspot_owner_id, c.owner_name) as actor_id,
  case lower(trim(c.hs_call_disposition))
    when 'f240bbac-87c9-4f6e-bf70-924b57d47db7' then 'Connected'
    when 'a4c4c377-d246-4b32-a13b-75a56a4cd0ff' then 'Left live message'
    when 'b2cf5968-551e-4856-9783-52b3da59a7d0' then 'Left voicemail'
    when '73a0d17f-1163-4015-bdd5-ec830791da20' then 'No answer'
    when '9d9162e7-6cf3-4944-bf63-4dff82258764' then 'Busy'
    when '17b47fee-58de-441e-a44c-c6300d46f273' then 'Wrong number'
    else c.hs_call_disposition
  end as outcome,
  c.hs_createdate as created_at
from calls c
cross join unnest(c.associated_contact_ids) p(contact_id)
where lower(coalesce(c.hs_call_status, '')) not in (
  'canceled', 'cancelled', 'failed', 'queued', 'connecting', 'calling_crm_user'
)
