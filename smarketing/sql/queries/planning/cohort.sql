-- question: what did the leads of one mature cohort win, and how long after they began?
-- grain: one row per key and days to the win (null: leads that won nothing)
-- parameters: $from, $to (days on which the leads began, half-open)
-- squared is the sum of squares of what each lead won, for the spread of revenue per lead; it and
-- the counts stand on the row without days. A lead that won a deal whose amount is not known is among
-- the leads, but not among the valued ones, which the amounts are of.
with scope as (
  select '(all)' as key, w.lead_number, w.won_days, w.won_amount, w.is_valued
  from lead_won as w
  where w.began_day >= $from and w.began_day < $to
),

per_lead as (
  select s.key, s.lead_number, s.is_valued, coalesce(sum(s.won_amount), 0) as won_amount
  from scope as s
  group by s.key, s.lead_number, s.is_valued
)

select
  s.key, s.won_days, cast(0 as bigint) as leads, cast(0 as bigint) as valued,
  sum(s.won_amount) as won_amount, cast(0 as double) as squared
from scope as s
where s.won_days is not null and s.is_valued
group by s.key, s.won_days
union all
select
  p.key, cast(null as bigint) as won_days, count(*) as leads,
  sum(case when p.is_valued then 1 else 0 end) as valued, cast(0 as bigint) as won_amount,
  sum(case when p.is_valued then cast(p.won_amount as double) * cast(p.won_amount as double) end)
    as squared
from per_lead as p
group by p.key
order by key, won_days
