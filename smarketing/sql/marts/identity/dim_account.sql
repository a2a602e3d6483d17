-- question: what do we know of each company?
-- grain: one row per company: the sources' accounts made one, and those known by e-mail domain only
-- parameters: $timezone
with linked as (
  select
    l.account_id,
    a.account_id = l.account_id as is_own,
    a.name,
    d.domain,
    a.domain as raw_domain,
    a.industry,
    a.employees,
    a.country,
    a.region,
    a.owner_id,
    a.is_target,
    a.tier,
    a.created_at,
    a.source
  from account as a
  inner join link_account as l on l.source_account_id = a.account_id
  left join map_domain as d on d.raw = a.domain
),
others as (
  select
    account_id,
    min(name) as name,
    min(domain) as domain,
    min(raw_domain) as raw_domain,
    min(industry) as industry,
    max(employees) as employees,
    min(country) as country,
    min(region) as region,
    min(owner_id) as owner_id,
    max(case when is_target then 1 else 0 end) as is_target,
    min(tier) as tier,
    min(created_at) as created_at
  from linked
  where not is_own
  group by account_id
),
joined as (
  select
    w.account_id,
    coalesce(w.name, o.name) as name,
    coalesce(w.domain, o.domain, lower(w.raw_domain), lower(o.raw_domain)) as domain,
    coalesce(w.industry, o.industry) as industry,
    coalesce(w.employees, o.employees) as employees,
    coalesce(w.country, o.country) as country,
    coalesce(w.region, o.region) as raw_region,
    coalesce(w.owner_id, o.owner_id) as owner_id,
    coalesce(w.is_target, false) or coalesce(o.is_target, 0) = 1 as is_target,
    coalesce(w.tier, o.tier) as tier,
    coalesce(w.created_at, o.created_at) as created_at,
    w.source,
    false as is_derived
  from linked as w
  left join others as o on o.account_id = w.account_id
  where w.is_own
  union all
  select
    account_id,
    domain as name,
    domain,
    null as industry,
    null as employees,
    null as country,
    null as raw_region,
    null as owner_id,
    false as is_target,
    null as tier,
    null as created_at,
    'derived' as source,
    true as is_derived
  from link_domain
  where is_derived
)
select
  j.account_id,
  coalesce(j.name, j.domain, j.account_id) as name,
  j.domain,
  j.industry,
  j.employees,
  case when j.employees is null then '(unknown)' else s.segment end as segment,
  j.country,
  j.raw_region,
  coalesce(g.region, '(unknown)') as region,
  j.owner_id,
  m.name as owner,
  j.is_target,
  j.tier,
  j.created_at,
  local_day(j.created_at, $timezone) as created_day,
  j.is_derived,
  j.source
from joined as j
left join map_segment as s on s.employees = j.employees
left join map_region as g
  on g.country = coalesce(j.country, '')
  and g.raw_region = case when j.country is null then coalesce(j.raw_region, '') else '' end
left join map_member as m on m.member_id = j.owner_id
