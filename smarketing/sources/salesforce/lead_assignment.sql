-- from: LeadHistory
-- When was a lead given to someone? The history has each change twice, by name and by id; the id
-- of a user (005) is the one that joins.
select
  h._row,
  h._file_id,
  h.LeadId as lead_id,
  completed_id(h.NewValue) as member_id,
  h.CreatedDate as assigned_at
from LeadHistory h
where h.Field in ('Owner', 'OwnerId', 'ownerAssignment', 'ownerAccepted', 'Lead Owner')
  and h.NewValue like '005%'
