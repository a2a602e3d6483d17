-- from: OpportunityContactRole
-- Who takes part in a deal, as what? Of a contact with several roles on one deal the primary role
-- counts, whichever was changed last.
select
  r._row,
  r._file_id,
  coalesce(r.SystemModstamp, r.LastModifiedDate) as _modified,
  r.OpportunityId as deal_id,
  r.ContactId as person_id,
  r.Role as role,
  r.IsPrimary as is_primary
from OpportunityContactRole r
where not exists (
  select 1 from OpportunityContactRole_current gone
  where gone.Id = r.Id and lower(gone.IsDeleted) in ('1', 'true')
)
and (lower(r.IsPrimary) in ('1', 'true') or not exists (
  select 1 from OpportunityContactRole_current best
  where best.OpportunityId = r.OpportunityId
    and best.ContactId = r.ContactId
    and best.Id <> r.Id
    and lower(best.IsPrimary) in ('1', 'true')
    and (best.IsDeleted is null or lower(best.IsDeleted) not in ('1', 'true'))
))
