-- from: LeadHistory
-- When was a lead given to someone? The history of an export has each change twice, by name and by
-- id; the id of a user (005) is the one that joins. A report, whose rows have no id, has names alone.
select
  h._row,
  h._file_id,
  h.LeadId as lead_id,
  case when h.NewValue like '005%' then completed_id(h.NewValue) else h.NewValue end as member_id,
  h.CreatedDate as assigned_at
from LeadHistory h
where h.Field in (
    'Owner', 'OwnerId', 'ownerAssignment', 'ownerAccepted', 'Lead Owner', 'Inhaber', 'Lead-Inhaber',
    'Leadinhaber', 'Propriétaire', 'Propriétaire de la piste', 'Propietario', 'Proprietário',
    'Propietario del candidato', 'Propietario del prospecto', 'Proprietário do lead', 'Titolare',
    'Titolare lead', 'Proprietario', 'Proprietario lead', 'Eigenaar', 'Lead-eigenaar'
  )
  and (
    h.NewValue like '005%'
    or h.Id is null and not regexp_matches(
      lower(h.NewValue), '\b(queue|warteschlange|cola|fila|coda|wachtrij|file d''attente)\b'
    )
  )
