-- from: OpportunityHistory
-- When did a deal enter each stage, worth how much? The history also has a row for every change of
-- amount or close date; a row that keeps the stage is no entry. An amount without a currency is in
-- that of its opportunity.
select
  h._row,
  h._file_id,
  h.SystemModstamp as _modified,
  h.OpportunityId as deal_id,
  h.StageName as stage,
  h.CreatedDate as entered_at,
  h.Amount as amount,
  coalesce(h.CurrencyIsoCode, own.CurrencyIsoCode) as currency
from OpportunityHistory h
left join (
  select
    Id,
    lag(StageName) over (partition by OpportunityId order by CreatedDate, Id) as previous_stage
  from OpportunityHistory_current
) before on before.Id = h.Id
left join (
  select left(Id, 15) as of_deal, max(CurrencyIsoCode) as CurrencyIsoCode
  from Opportunity_current
  group by left(Id, 15)
) own on own.of_deal = left(h.OpportunityId, 15)
where h.StageName is distinct from coalesce(h.FromStage, before.previous_stage)
