-- question: how many handed-over leads a month can each member of sales' teams work?
-- grain: one row per member with a capacity who is there at the build's as-of
-- parameters: $as_of_day
with scope as (
  select '(all)' as key, m.member_id, o.name, t.label as team,
    t.team_number, a.stage is not null as is_accepting, m.capacity_per_month
  from member as m
  inner join map_member as o on o.member_id = m.member_id
  inner join map_team as n on n.name = m.team
  inner join agreement_team as t on t.team = n.team and t.side = 'sales'
  left join agreement_stage as a on a.owner_team = t.team and a.is_accepted
  where
    m.capacity_per_month is not null
    and (m.starts_on is null or m.starts_on <= $as_of_day)
    and (m.ends_on is null or m.ends_on >= $as_of_day)
)

select
  s.key, s.member_id, s.name as member, s.team, s.is_accepting,
  s.capacity_per_month
from scope as s
order by s.team_number, s.capacity_per_month desc, s.member_id
