-- from: deals
-- Which deals are there, and how did they end? The flags say so; where an export lacks them, the
-- stage is asked later. The close date of an open deal is when it is expected to close: it is given
-- as both, until that is known. Lists give the owner by name.
with judged as (
  select
    d.*,
    case
      when flag_value(d.hs_is_closed_won) then 'won'
      when flag_value(d.hs_is_closed_lost) then 'lost'
      when flag_value(d.hs_is_closed) and not flag_value(d.hs_is_closed_won)
        then 'lost'
      when flag_value(d.hs_is_closed) then 'closed'
      when not flag_value(d.hs_is_closed) then 'open'
      when not flag_value(d.hs_is_closed_won) and not flag_value(d.hs_is_closed_lost) then 'open'
    end as outcome
  from deals d
)
select
  d._row,
  d._file_id,
  coalesce(d.hs_lastmodifieddate, d.updatedAt) as _modified,
  d.id as deal_id,
  coalesce(d.hs_primary_associated_company, d.associated_company_ids[1]) as account_id,
  d.dealname as name,
  -- an export may hold the converted amount alone
  coalesce(d.amount, d.amount_in_home_currency) as amount,
  case
    when d.amount is not null or d.amount_in_home_currency is null then d.deal_currency_code
  end as currency,
  d.hs_arr as recurring_amount,
  d.dealstage as stage,
  d.pipeline,
  deal_kind(d.dealtype) as kind,
  d.createdate as created_at,
  case when d.outcome = 'open' then null else d.closedate end as closed_at,
  case when d.outcome in ('won', 'lost') then null else d.closedate end as expected_close_on,
  d.hs_manual_forecast_category as forecast_category,
  d.outcome,
  case when d.outcome in ('won', 'open') then null else d.closed_lost_reason end as lost_reason,
  coalesce(d.hubspot_owner_id, d.owner_name) as owner_id,
  d.owner_name,
  d.hs_analytics_source as lead_source
from judged d
