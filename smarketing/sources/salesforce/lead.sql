-- from: Lead
-- Which inquiries came in? One row per lead. An owner that is a queue (00G, or called so) is nobody
-- yet. Reports name the owner, whose id is found where one alone is called so.
with named as (
  select coalesce(u.Name, nullif(concat_ws(' ', u.FirstName, u.LastName), '')) as name, min(u.Id) as id
  from User_current u
  group by all
  having count(*) = 1
)
select
  l._row,
  l._file_id,
  coalesce(l.SystemModstamp, l.LastModifiedDate) as _modified,
  l.Id as lead_id,
  coalesce(k.Id, l.Id) as person_id,
  l.ConvertedAccountId as account_id,
  l.CreatedDate as created_at,
  l.LeadSource as channel,
  case
    when l.OwnerId not like '00G%' then l.OwnerId
    when l.OwnerId is null
      and not regexp_matches(
        lower(l."Owner.Name"), '\b(queue|warteschlange|cola|fila|coda|wachtrij|file d''attente)\b'
      )
      then coalesce(n.id, l."Owner.Name")
  end as owner_id,
  l.Status as status,
  l.ConvertedOpportunityId as converted_deal_id
from Lead l
left join Contact_current k on k.Id = l.ConvertedContactId
left join named n on n.name = l."Owner.Name"
where not exists (
  select 1 from Lead_current gone
  where gone.Id = l.Id and flag_value(gone.IsDeleted)
)
