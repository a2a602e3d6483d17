-- from: OpportunityHistory
-- When did a deal enter each stage, worth how much? The history also has a row for every change of
-- amount or close date; a row that keeps the stage is no entry.
select
  h._row,
  h._file_id,
  h.SystemModstamp as _modified,
  h.OpportunityId as deal_id,
  h.StageName as stage,
  h.CreatedDate as entered_at,
  h.Amount as amount,
  h.CurrencyIsoCode as currency
from OpportunityHistory h
left join (
  select
    Id,
    lag(StageName) over (partition by OpportunityId order by CreatedDate, Id) as previous_stage
  from OpportunityHistory_current
) before on before.Id = h.Id
where h.StageName is distinct from coalesce(h.FromStage, before.previous_stage)
