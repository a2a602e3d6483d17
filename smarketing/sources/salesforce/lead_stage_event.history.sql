-- from: LeadHistory
-- When did a lead's status change? The status as the CRM writes it; the agreement says which
-- stage or exit it is.
select
  h._row,
  h._file_id,
  h.LeadId as lead_id,
  h.NewValue as stage,
  h.CreatedDate as entered_at,
  h.CreatedById as actor_id
from LeadHistory h
where h.Field in ('Status', 'Lead Status')
  and h.NewValue is not null
