-- question: which deals contradict themselves, and how?
-- grain: one row per deal that has the fault asked for
-- parameters: $fault, $overdue_days
with primaries as (
  select c.deal_id, count(distinct coalesce(k.person_id, c.person_id)) as people
  from deal_contact as c
  left join link_person as k on k.source_person_id = c.person_id
  where c.is_primary
  group by c.deal_id
)
select
  d.deal_id,
  d.name,
  d.account,
  d.outcome,
  d.created_day,
  d.closed_day,
  d.expected_close_on,
  d.amount,
  d.currency,
  d.deal_amount,
  d.owner,
  p.people as primary_contacts
from fct_deal as d
cross join build_info as b
left join primaries as p on p.deal_id = d.deal_id
where
  ($fault = 'closed without a close date' and d.outcome in ('won', 'lost') and d.closed_at is null)
  or ($fault = 'closed after the as-of date' and d.outcome in ('won', 'lost')
    and d.closed_day > b.as_of_day)
  or ($fault = 'created after the close' and d.outcome in ('won', 'lost')
    and d.created_day > d.closed_day)
  or ($fault = 'open long after the expected close' and d.outcome = 'open'
    and days_between(d.expected_close_on, b.as_of_day) > $overdue_days)
  or ($fault = 'without an amount' and d.amount is null)
  or ($fault = 'of a negative amount' and d.amount < 0)
  or ($fault = 'of no company, and won' and d.is_first_win_new and d.account_id is null)
  or ($fault = 'with several primary contacts' and p.people > 1)
order by d.deal_id
