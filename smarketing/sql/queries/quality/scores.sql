-- question: what did the recorded scores say just before qualification, and what became of it?
-- grain: one row per key and whole point of score; score is null for leads without one
-- parameters: $from, $to (days on which the leads began, half-open), $mature_days, $outcome
-- A lead that never qualified counts with the best score it held while it might have.
with scope as (
  select
    '(all)' as key, j.lead_number, j.lead_id, j.judged_at, j.is_qualified, j.is_worked,
    j.accepted_passes, j.decided_passes, j.won_amount,
    case $outcome
      when 'customer' then j.is_customer when 'accepted' then j.is_accepted
      else j.is_opportunity
    end as is_converted
  from lead_judged as j
  left join lead_held as h on h.lead_number = j.lead_number
  where
    j.began_day >= $from and j.began_day < $to and j.followed_days >= $mature_days
    and (j.is_qualified or h.is_over)
),

ranked as (
  select
    s.lead_number,
    e.score,
    row_number() over (partition by s.lead_number order by e.scored_at desc, e.score desc) as place
  from scope as s
  inner join score_event as e on e.lead_id = s.lead_id and e.scored_at < s.judged_at
  union all
  select h.lead_number, h.best_score as score, 1 as place
  from lead_held as h
  inner join scope as s on s.lead_number = h.lead_number
)

select
  s.key,
  cast(floor(r.score) as int) as score,
  count(*) as leads,
  sum(case when s.is_qualified then 1 else 0 end) as qualified,
  sum(case when s.is_worked then 1 else 0 end) as worked,
  sum(case when s.is_worked and s.is_converted then 1 else 0 end) as converted,
  sum(s.accepted_passes) as accepted,
  sum(s.decided_passes) as decided,
  sum(s.won_amount) as won_amount
from scope as s
left join ranked as r on r.lead_number = s.lead_number and r.place = 1
group by s.key, floor(r.score)
