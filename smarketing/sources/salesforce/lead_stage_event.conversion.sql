-- from: Lead
-- When did a converted lead get its final status? Converting sets it, so that its date is known
-- even where the history was not exported.
select
  l._row,
  l._file_id,
  coalesce(l.SystemModstamp, l.LastModifiedDate) as _modified,
  l.Id as lead_id,
  l.Status as stage,
  l.ConvertedDate as entered_at
from Lead l
where flag_value(l.IsConverted)
  and l.ConvertedDate is not null
  and not exists (
    select 1 from LeadHistory_current h
    where h.LeadId = l.Id and h.NewValue = l.Status
      and regexp_matches(
        h.Field,
        '(?i)^(lead[ -]?)?(status|statut|stato|estado)( (de la piste|do lead|(del )?(lead|candidato|prospecto)))?$'
      )
  )
