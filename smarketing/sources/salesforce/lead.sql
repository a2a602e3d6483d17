-- from: Lead
-- Which inquiries came in? One row per lead. An owner that is a queue (00G, or called so) is nobody
-- yet. Reports give the owner by name.
select
  l._row,
  l._file_id,
  coalesce(l.SystemModstamp, l.LastModifiedDate) as _modified,
  l.Id as lead_id,
  coalesce(l.ConvertedContactId, l.Id) as person_id,
  l.ConvertedAccountId as account_id,
  l.CreatedDate as created_at,
  l.LeadSource as channel,
  case
    when l.OwnerId not like '00G%' then l.OwnerId
    when l.OwnerId is null
      and not regexp_matches(
        lower(l."Owner.Name"), '\b(queue|warteschlange|cola|fila|coda|wachtrij|file d''attente)\b'
      )
      then l."Owner.Name"
  end as owner_id,
  l."Owner.Name" as owner_name,
  l.Status as status,
  l.ConvertedOpportunityId as converted_deal_id
from Lead l
