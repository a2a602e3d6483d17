-- from: OpportunityFieldHistory
-- When did a deal change stage? Read only for deals the stage history does not cover.
-- Reports call the field in the language of whoever ran them.
select
  h._row,
  h._file_id,
  h.OpportunityId as deal_id,
  h.NewValue as stage,
  h.CreatedDate as entered_at
from OpportunityFieldHistory h
where h.Field in ('StageName', 'Stage', 'Phase', 'Étape', 'Etapa', 'Fase', 'Estágio')
  and h.NewValue is not null
  and not exists (
    select 1 from OpportunityHistory_current s where s.OpportunityId = h.OpportunityId
  )
