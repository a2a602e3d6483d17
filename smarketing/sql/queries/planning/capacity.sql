-- question: how many handed-over leads a month can each member of sales work?
-- grain: one row per member with a capacity who is there at the build's as-of
-- parameters: $as_of_day
with scope as (
  select '(all)' as key, m.member_id, m.name, m.team, m.capacity_per_month
  from member as m
  where
    m.capacity_per_month is not null
    and m.team in ('sales', 'sales_development')
    and (m.starts_on is null or m.starts_on <= $as_of_day)
    and (m.ends_on is null or m.ends_on >= $as_of_day)
)

select s.key, s.member_id, coalesce(s.name, s.member_id) as member, s.team, s.capacity_per_month
from scope as s
order by s.team desc, s.capacity_per_month desc, s.member_id
