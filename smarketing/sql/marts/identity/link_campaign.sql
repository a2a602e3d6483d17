-- question: which campaign does an id, ad platform id or UTM name stand for?
-- grain: one row per name (campaign id, or alias in lower case)
-- parameters: none
-- An alias that points to no known campaign is left out; data health shows it as dangling. A UTM
-- campaign stands for the campaign of an alias that is called so, else for the one whose own id or
-- name it is, if that is one. Names are compared without case, blanks, +, _ and -. A campaign known
-- by its name alone is the one of that name whose id another report of its source has.
with targets as (
  select lower(trim(a.alias)) as alias, a.source, min(c.campaign_id) as campaign_id
  from campaign_alias as a
  inner join campaign as c
    on c.campaign_id = a.campaign_id or a.source || ':' || c.campaign_id = a.campaign_id
  where a.alias is not null
  group by 1, 2
),
aliases as (
  select alias, min(campaign_id) as campaign_id
  from targets
  group by alias
),
sources as (
  select source from campaign
  union
  select source from cost
  union
  select source from source_info
),
aliased_ids as (
  select s.source || ':' || a.alias as alias, a.campaign_id
  from aliases as a
  cross join sources as s
),
aliased as (
  select alias, min(campaign_id) as campaign_id
  from (
    select alias, campaign_id from aliases
    union all
    select alias, campaign_id from aliased_ids
  ) as every_alias
  group by alias
),
by_name as (
  select c.campaign_id, min(o.campaign_id) as stands_for
  from campaign as c
  inner join campaign as o
    on o.source = c.source and campaign_key(o.name) = campaign_key(c.name)
  where c.campaign_id = c.source || ':' || c.name and o.campaign_id <> o.source || ':' || o.name
  group by c.campaign_id
  having count(*) = 1
),
own as (
  select
    c.campaign_id as name,
    coalesce(a.campaign_id, t.campaign_id, n.stands_for, c.campaign_id) as campaign_id
  from campaign as c
  left join aliased as a on a.alias = lower(c.campaign_id)
  left join by_name as n on n.campaign_id = c.campaign_id
  left join aliased as t on t.alias = lower(n.stands_for)
),
mentioned as (
  select lower(trim(t.utm_campaign)) as name, min(campaign_key(t.utm_campaign)) as campaign_key
  from touch as t
  where t.utm_campaign is not null and campaign_key(t.utm_campaign) <> ''
  group by lower(trim(t.utm_campaign))
),
written as (
  select m.name, min(a.campaign_id) as campaign_id
  from mentioned as m
  inner join aliases as a on campaign_key(a.alias) = m.campaign_key
  group by m.name
  having count(distinct a.campaign_id) = 1
),
called as (
  select m.name, o.campaign_id
  from mentioned as m
  cross join sources as s
  inner join own as o
    on campaign_key(o.name) = campaign_key(s.source) || ':' || m.campaign_key
  union
  select m.name, o.campaign_id
  from mentioned as m
  inner join campaign as c on campaign_key(c.name) = m.campaign_key
  inner join own as o on o.name = c.campaign_id
  union
  select m.name, o.campaign_id
  from mentioned as m
  inner join own as o on lower(o.name) = m.name
),
meant as (
  select c.name, min(c.campaign_id) as campaign_id
  from called as c
  left join written as w on w.name = c.name
  where w.name is null
  group by c.name
  having count(*) = 1
  union all
  select w.name, w.campaign_id
  from written as w
)
select
  name,
  campaign_id,
  case when name = campaign_id then 'own id' else 'alias' end as why
from own
union all
select a.alias as name, a.campaign_id, 'alias' as why
from aliased as a
left join own as o on o.name = a.alias
where o.name is null
union all
select m.name, m.campaign_id, 'its id or name' as why
from meant as m
left join aliased as a on a.alias = m.name
left join own as o on o.name = m.name
where a.alias is null and o.name is null
