-- question: which quotas do the data hold, and who could have one?
-- grain: one row per quota, and one per member without any
-- parameters: none
select
  m.member_id, m.name as member, q.period, q.amount, q.currency
from map_member as m
left join quota_period as q on m.member_id = q.member_id
order by m.name, m.member_id, q.starts_on, q.period
