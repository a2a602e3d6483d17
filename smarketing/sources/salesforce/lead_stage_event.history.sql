-- from: LeadHistory
-- When did a lead's status change? The status as the CRM writes it; the agreement says which
-- stage or exit it is. Reports call the field in the language of whoever ran them.
select
  h._row,
  h._file_id,
  h.LeadId as lead_id,
  h.NewValue as stage,
  h.CreatedDate as entered_at,
  h.CreatedById as actor_id
from LeadHistory h
where regexp_matches(
    h.Field,
    '(?i)^(lead[ -]?)?(status|statut|stato|estado)( (de la piste|do lead|(del )?(lead|candidato|prospecto)))?$'
  )
  and h.NewValue is not null
