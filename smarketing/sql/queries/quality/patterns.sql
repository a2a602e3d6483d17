-- question: which rules of the lead definition did the leads fulfil, and what became of them?
-- grain: one row per key and pattern of rules fulfilled
-- parameters: $from, $to (days on which the leads began, half-open), $mature_days, $outcome
--   (accepted, opportunity, customer)
-- A pattern is a whole number: each rule's hits times its weight. Evidence counts strictly before
-- the lead was judged; only leads followed for $mature_days since then. A lead that never qualified
-- has every pattern that it held while it might have, joined by ' > '.
with scope as (
  select
    '(all)' as key, j.lead_number, j.lead_id, j.person_id, j.account_id, j.judged_at, j.judged_day,
    j.is_qualified, j.is_worked, j.accepted_passes, j.decided_passes, j.won_amount,
    case $outcome
      when 'customer' then j.is_customer when 'accepted' then j.is_accepted
      else j.is_opportunity
    end as is_converted,
    j.segment, j.region, j.persona, j.channel, j.lead_type
  from lead_judged as j
  left join lead_held as h on h.lead_number = j.lead_number
  where
    j.began_day >= $from and j.began_day < $to and j.followed_days >= $mature_days
    and (j.is_qualified or h.is_over)
),

trait as (
  select s.lead_number, 'segment' as attribute, lower(s.segment) as value from scope as s
  union all
  select s.lead_number, 'region' as attribute, lower(s.region) as value from scope as s
  union all
  select s.lead_number, 'persona' as attribute, lower(s.persona) as value from scope as s
  union all
  select s.lead_number, 'channel' as attribute, lower(s.channel) as value from scope as s
  union all
  select s.lead_number, 'lead_type' as attribute, lower(s.lead_type) as value from scope as s
  union all
  select s.lead_number, 'industry' as attribute, lower(a.industry) as value
  from scope as s
  inner join dim_account as a on a.account_id = s.account_id
  union all
  select s.lead_number, 'country' as attribute, lower(a.country) as value
  from scope as s
  inner join dim_account as a on a.account_id = s.account_id
  union all
  select s.lead_number, 'seniority' as attribute, lower(p.seniority) as value
  from scope as s
  inner join dim_person as p on p.person_id = s.person_id
),

fitted as (
  select t.lead_number, f.weight
  from trait as t
  inner join agreement_fit_rule as f on f.attribute = t.attribute and f.value = t.value
  union all
  select s.lead_number, f.weight
  from scope as s
  inner join dim_account as a on a.account_id = s.account_id
  inner join agreement_fit_rule as f
    on f.attribute = 'employees'
    and (f.at_least is null or a.employees >= f.at_least)
    and (f.at_most is null or a.employees <= f.at_most)
  where a.employees is not null
),

fit as (
  select d.lead_number, sum(d.weight) as pattern
  from (select distinct t.lead_number, t.weight from fitted as t) as d
  group by d.lead_number
),

evidence as (
  select t.touch_id, t.lead_id, t.person_id, t.occurred_at, t.occurred_day, t.occurred_has_time,
    r.rule, r.at_least, r.within_days, r.is_each, r.most_hits, r.weight
  from fct_touch as t
  inner join agreement_behaviour_rule as r on r.kind = t.kind
  where t.is_usable
),

seen as (
  select s.lead_number, e.rule, e.at_least, e.is_each, e.most_hits, e.weight
  from evidence as e
  inner join scope as s on s.lead_id = e.lead_id
  where
    e.occurred_at < s.judged_at
    and (e.occurred_has_time or e.occurred_day < s.judged_day)
    and days_between(e.occurred_day, s.judged_day) <= e.within_days
  union all
  select s.lead_number, e.rule, e.at_least, e.is_each, e.most_hits, e.weight
  from evidence as e
  inner join scope as s on s.person_id = e.person_id
  where
    e.lead_id is null
    and e.occurred_at < s.judged_at
    and (e.occurred_has_time or e.occurred_day < s.judged_day)
    and days_between(e.occurred_day, s.judged_day) <= e.within_days
),

counted as (
  select n.lead_number, n.weight, n.at_least, n.is_each, n.most_hits, count(*) as hits
  from seen as n
  group by n.lead_number, n.rule, n.weight, n.at_least, n.is_each, n.most_hits
),

behaved as (
  select
    c.lead_number,
    sum(c.weight * case
      when c.hits < c.at_least then 0
      when not c.is_each then 1
      when c.hits > c.most_hits then c.most_hits
      else c.hits
    end) as pattern
  from counted as c
  group by c.lead_number
)

select
  s.key,
  coalesce(f.pattern, 0) as fit_pattern,
  case
    when s.is_qualified then cast(cast(coalesce(b.pattern, 0) as bigint) as text)
    else h.patterns
  end as behaviour_patterns,
  count(*) as leads,
  sum(case when s.is_qualified then 1 else 0 end) as qualified,
  sum(case when s.is_worked then 1 else 0 end) as worked,
  sum(case when s.is_worked and s.is_converted then 1 else 0 end) as converted,
  sum(s.accepted_passes) as accepted,
  sum(s.decided_passes) as decided,
  sum(s.won_amount) as won_amount
from scope as s
left join fit as f on f.lead_number = s.lead_number
left join behaved as b on b.lead_number = s.lead_number
left join lead_held as h on h.lead_number = s.lead_number
group by s.key, f.pattern, s.is_qualified, b.pattern, h.patterns
