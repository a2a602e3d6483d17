-- question: which deals contradict themselves, so that a figure leaves them out or may be wrong?
-- grain: one row per fault
-- parameters: $overdue_days
with primaries as (
  select c.deal_id, count(distinct coalesce(k.person_id, c.person_id)) as people
  from deal_contact as c
  left join link_person as k on k.source_person_id = c.person_id
  where c.is_primary
  group by c.deal_id
),
faults as (
  select 'closed without a close date' as fault, d.deal_id, d.deal_amount
  from fct_deal as d where d.outcome in ('won', 'lost') and d.closed_at is null
  union all
  select 'closed after the as-of date', d.deal_id, d.deal_amount
  from fct_deal as d
  cross join build_info as b
  where d.outcome in ('won', 'lost') and d.closed_day > b.as_of_day
  union all
  select 'created after the close', d.deal_id, d.deal_amount
  from fct_deal as d
  where d.outcome in ('won', 'lost') and d.created_day > d.closed_day
  union all
  select 'open long after the expected close', d.deal_id, d.deal_amount
  from fct_deal as d
  cross join build_info as b
  where d.outcome = 'open' and days_between(d.expected_close_on, b.as_of_day) > $overdue_days
  union all
  select 'without an amount', d.deal_id, d.deal_amount
  from fct_deal as d where d.amount is null
  union all
  select 'of a negative amount', d.deal_id, d.deal_amount
  from fct_deal as d where d.amount < 0
  union all
  select 'of no company, and won', d.deal_id, d.deal_amount
  from fct_deal as d where d.is_first_win_new and d.account_id is null
  union all
  select 'with several primary contacts', d.deal_id, d.deal_amount
  from fct_deal as d inner join primaries as p on p.deal_id = d.deal_id
  where p.people > 1
)
select
  f.fault,
  count(*) as records,
  sum(f.deal_amount) as deal_amount,
  count(*) - count(f.deal_amount) as unvalued,
  min(f.deal_id) as example
from faults as f
group by f.fault
order by records desc, f.fault
