-- question: what did customers answer, and when?
-- grain: one row per answer
-- parameters: $timezone
-- A promoter scores 9 or 10 of 10, a detractor 6 or less; satisfied is 4 or 5 of 5.
select
  f.feedback_id,
  f.account_id,
  a.name as account,
  f.person_id,
  lower(f.kind) as kind,
  f.score,
  f.comment,
  f.asked_at,
  local_day(f.asked_at, $timezone) as asked_day,
  lower(f.kind) = 'nps' and coalesce(f.score >= 9, false) as is_promoter,
  lower(f.kind) = 'nps' and coalesce(f.score <= 6, false) as is_detractor,
  lower(f.kind) = 'csat' and coalesce(f.score >= 4, false) as is_satisfied,
  coalesce(a.segment, '(unknown)') as segment,
  coalesce(a.region, '(unknown)') as region,
  coalesce(p.persona, '(unknown)') as persona,
  a.owner_id,
  a.owner,
  f.source
from feedback as f
left join link_account as l on l.source_account_id = f.account_id
left join dim_account as a on a.account_id = coalesce(l.account_id, f.account_id)
left join link_person as h on h.source_person_id = f.person_id
left join dim_person as p on p.person_id = coalesce(h.person_id, f.person_id)
