-- question: what did each key cost in the window?
-- grain: one row per key
-- parameters: $from_day, $to_day
-- A campaign's cost is all that names it, whoever spent it; of what names none only marketing's
-- counts: salaries of sales are no cost of marketing's credit. Costs without a rate are counted
-- apart, never converted 1:1.
with scope as (
  select
    '(all)' as key,
    c.cost_amount,
    c.category
  from fct_cost as c
  where c.incurred_on >= $from_day and c.incurred_on < $to_day
    and (
      c.campaign_id is not null
      or c.team in (select t.team from agreement_team as t where t.side = 'marketing')
    )
)
select
  s.key,
  sum(s.cost_amount) as cost_amount,
  sum(case when s.category = 'media' then s.cost_amount end) as media_amount,
  sum(case when s.cost_amount is null then 1 else 0 end) as without_rate
from scope as s
group by s.key
order by s.key
