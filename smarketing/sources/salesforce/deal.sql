-- from: Opportunity
-- Which deals are there, and how did they end? The flags decide; where an export lacks them, the
-- name of the stage does. CloseDate is when a closed deal closed and when an open one is expected.
with judged as (
  select
    o.*,
    case
      when lower(o.IsWon) in ('1', 'true') then 'won'
      when lower(o.IsClosed) in ('1', 'true') then 'lost'
      when regexp_matches(lower(trim(o.StageName)), '^(closed[ /_-]*)?won$') then 'won'
      when regexp_matches(lower(trim(o.StageName)), '^(closed[ /_-]*)?lost$') then 'lost'
      else 'open'
    end as outcome
  from Opportunity o
)
select
  o._row,
  o._file_id,
  coalesce(o.SystemModstamp, o.LastModifiedDate) as _modified,
  o.Id as deal_id,
  o.AccountId as account_id,
  o.Name as name,
  o.Amount as amount,
  o.CurrencyIsoCode as currency,
  o.StageName as stage,
  case
    when regexp_matches(lower(o.Type), 'renew') then 'renewal'
    when regexp_matches(lower(o.Type), 'existing|upgrade|upsell|up-sell|cross|expan|add-?on')
      then 'expansion'
    when regexp_matches(lower(o.Type), '\bnew\b') then 'new'
  end as kind,
  o.CreatedDate as created_at,
  case when o.outcome <> 'open' then o.CloseDate end as closed_at,
  case when o.outcome = 'open' then o.CloseDate end as expected_close_on,
  coalesce(o.ForecastCategoryName, o.ForecastCategory) as forecast_category,
  o.outcome,
  case when o.outcome = 'lost' then o.LossReason end as lost_reason,
  o.OwnerId as owner_id,
  o.CampaignId as campaign_id,
  o.LeadSource as lead_source,
  o.PartnerAccountId as partner
from judged o
where not exists (
  select 1 from Opportunity_current gone
  where gone.Id = o.Id and lower(gone.IsDeleted) in ('1', 'true')
)
