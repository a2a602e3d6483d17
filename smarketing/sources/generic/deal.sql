-- from: deal
-- Which deals are there, and how did they end? Columns as they are.
select
  d._row,
  d._file_id,
  d.modified_at as _modified,
  d.deal_id,
  d.account_id,
  d.lead_id,
  d.name,
  d.amount,
  d.currency,
  d.recurring_amount,
  d.stage,
  d.pipeline,
  d.kind,
  d.created_at,
  d.closed_at,
  d.expected_close_on,
  d.forecast_category,
  d.outcome,
  d.lost_reason,
  d.owner_id,
  d.owner_name,
  d.campaign_id,
  d.lead_source,
  d.partner
from deal d
