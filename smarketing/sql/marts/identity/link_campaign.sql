-- question: which campaign does an id, ad platform id or UTM name stand for?
-- grain: one row per name (campaign id, or alias in lower case)
-- parameters: none
-- An alias that points to no known campaign is left out; data health shows it as dangling. A UTM
-- campaign without an alias stands for the campaign whose own id or name it is, if that is one.
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
own as (
    select c.campaign_id as name, coalesce(a.campaign_id, c.campaign_id) as campaign_id
    from campaign as c
    left join aliased as a on a.alias = lower(c.campaign_id)
),
mentioned as (
    select lower(trim(t.utm_campaign)) as name
    from touch as t
    where t.utm_campaign is not null
    group by lower(trim(t.utm_campaign))
),
called as (
    select m.name, o.campaign_id
    from mentioned as m
    cross join sources as s
    inner join own as o on lower(o.name) = s.source || ':' || m.name
    union
    select m.name, o.campaign_id
    from mentioned as m
    inner join campaign as c on lower(trim(c.name)) = m.name
    inner join own as o on o.name = c.campaign_id
),
meant as (
    select name, min(campaign_id) as campaign_id
    from called
    group by name
    having count(distinct campaign_id) = 1
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
select m.name, m.campaign_id, 'its own id or name' as why
from meant as m
left join aliased as a on a.alias = m.name
left join own as o on o.name = m.name
where a.alias is null and o.name is null
