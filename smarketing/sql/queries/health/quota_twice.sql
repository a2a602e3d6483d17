-- question: which quotas of a member are for days that another one of theirs is for as well?
-- grain: one row per quota and other one, unless one's period lies within the other's
-- parameters: none
-- Of periods of one length that which is first by its text counts; else the shorter one.
select
  q.member_id,
  q.owner,
  q.period,
  q.amount,
  q.currency,
  o.period as other_period,
  o.amount as other_amount,
  o.currency as other_currency,
  q.source
from quota_period as q
inner join quota_period as o
  on o.member_id = q.member_id
  and o.starts_on < q.ends_on and q.starts_on < o.ends_on
  and (q.days < o.days or q.days = o.days and q.period < o.period)
where
  q.starts_on = o.starts_on and q.ends_on = o.ends_on
  or q.starts_on < o.starts_on
  or q.ends_on > o.ends_on
order by q.member_id, q.period, o.period
