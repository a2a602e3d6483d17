-- question: which deals are in a stage that says neither won, lost nor open?
-- grain: one row per deal
-- parameters: $source, $pipeline, $stage
select
  d.deal_id,
  d.name,
  d.account,
  d.pipeline,
  d.stage,
  d.created_day,
  d.expected_close_on,
  d.amount,
  d.currency,
  d.deal_amount,
  d.owner
from fct_deal as d
where
  d.outcome = '(unknown)'
  and d.source = $source
  and d.pipeline = $pipeline
  and coalesce(d.stage, '(unknown)') = $stage
order by d.deal_id
