-- from: Opportunity
-- Which deals are there, and how did they end? The flags say so; a file that marks only what is
-- closed or won leaves the rest blank. Where they do not say, or in words that nobody knows, the
-- stage is asked later. CloseDate is when a closed deal closed and when an open one is expected:
-- both, until that is known. Reports give the owner by name.
with flagged as (
  select
    o.*,
    coalesce(
      flag_value(o.IsWon),
      case
        when coalesce(trim(o.IsWon), '') = '' and count(o.IsWon) over (partition by o._file_id) > 0
          then false
      end
    ) as is_won,
    coalesce(
      flag_value(o.IsClosed),
      case
        when coalesce(trim(o.IsClosed), '') = ''
          and count(o.IsClosed) over (partition by o._file_id) > 0 then false
      end
    ) as is_closed
  from Opportunity o
),
judged as (
  select
    f.*,
    case
      when f.is_won then 'won'
      when f.is_closed and not f.is_won then 'lost'
      when f.is_closed then 'closed'
      when not f.is_closed then 'open'
    end as outcome
  from flagged f
)
select
  o._row,
  o._file_id,
  coalesce(o.SystemModstamp, o.LastModifiedDate) as _modified,
  o.Id as deal_id,
  o.AccountId as account_id,
  o.Name as name,
  -- a report may hold the converted amount alone
  coalesce(o.Amount, o.ConvertedAmount) as amount,
  case
    when o.Amount is null and o.ConvertedAmount is not null then o.ConvertedCurrency
    else o.CurrencyIsoCode
  end as currency,
  o.StageName as stage,
  deal_kind(o.Type) as kind,
  o.CreatedDate as created_at,
  case when o.outcome = 'open' then null else o.CloseDate end as closed_at,
  case when o.outcome in ('won', 'lost') then null else o.CloseDate end as expected_close_on,
  coalesce(o.ForecastCategoryName, o.ForecastCategory) as forecast_category,
  o.outcome,
  case when o.outcome in ('won', 'open') then null else o.LossReason end as lost_reason,
  coalesce(o.OwnerId, o."Owner.Name") as owner_id,
  o."Owner.Name" as owner_name,
  o.CampaignId as campaign_id,
  o.LeadSource as lead_source,
  o.PartnerAccountId as partner
from judged o
