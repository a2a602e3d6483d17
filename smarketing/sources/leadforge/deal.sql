-- from: opportunities
-- Which deals are there, and how did they end? Public bundles leave out the outcome and the close;
-- the stage, asked later, still tells won from lost, and such a deal has no close date.
select
  o._row,
  o._file_id,
  o.opportunity_id as deal_id,
  l.account_id,
  o.lead_id,
  o.estimated_acv as amount,
  o.estimated_acv as recurring_amount,
  o.stage,
  'new' as kind,
  o.created_at,
  o.closed_at,
  o.close_outcome as outcome,
  l.owner_rep_id as owner_id,
  l.lead_source
from opportunities o
left join leads_current l on l.lead_id = o.lead_id
