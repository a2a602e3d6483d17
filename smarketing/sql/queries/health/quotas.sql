-- question: which quotas are for a period that no calendar knows?
-- grain: one row per quota
-- parameters: none
select
  q.member_id,
  q.owner,
  q.period,
  q.amount,
  q.currency,
  q.source
from quota_period as q
where q.starts_on is null
order by q.period, q.member_id
