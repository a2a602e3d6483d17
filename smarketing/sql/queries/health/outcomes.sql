-- question: in which stages are deals that nothing says are won, lost or open?
-- grain: one row per source, pipeline and stage
-- parameters: none
select
  d.source,
  d.pipeline,
  coalesce(d.stage, '(unknown)') as stage,
  count(*) as records,
  sum(d.deal_amount) as deal_amount,
  count(*) - count(d.deal_amount) as unvalued
from fct_deal as d
where d.outcome = '(unknown)'
group by d.source, d.pipeline, coalesce(d.stage, '(unknown)')
order by records desc, d.source, d.pipeline, stage
