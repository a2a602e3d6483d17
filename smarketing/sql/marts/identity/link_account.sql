-- question: which company does each source's account stand for, and why?
-- grain: one row per account id that any source uses (merged-away ids included)
-- parameters: none
-- Across sources one company domain is one company (free-mail and reserved domains are none, see
-- map_domain); accounts of one source are never merged by domain: only its first one takes part.
with aliases as (
  select
    case when alias_id like source || ':%' then alias_id else source || ':' || alias_id end as alias_id,
    min(case when id like source || ':%' then id else source || ':' || id end) as id
  from record_alias
  where lower("table") in ('account', 'accounts', 'company', 'companies')
  group by 1
),
merged as (
  select a.alias_id, coalesce(c.id, b.id, a.id) as id
  from aliases as a
  left join aliases as b on b.alias_id = a.id
  left join aliases as c on c.alias_id = b.id
),
own as (
  select a.account_id, a.source, d.domain
  from account as a
  left join merged as m on m.alias_id = a.account_id
  left join map_domain as d on d.raw = a.domain
  where m.alias_id is null
),
firsts as (
  select domain, source, min(account_id) as account_id
  from own
  where domain is not null
  group by domain, source
),
shared as (
  select domain, min(source) as source
  from firsts
  group by domain
  having count(*) > 1
),
companies as (
  select f.domain, f.account_id
  from firsts as f
  inner join shared as s on s.domain = f.domain and s.source = f.source
),
across as (
  select f.account_id as source_account_id, c.account_id
  from firsts as f
  inner join companies as c on c.domain = f.domain
  where f.account_id <> c.account_id
)
select
  o.account_id as source_account_id,
  coalesce(a.account_id, o.account_id) as account_id,
  case when a.account_id is null then 'own id' else 'same domain' end as why
from own as o
left join across as a on a.source_account_id = o.account_id
union all
select
  m.alias_id as source_account_id,
  coalesce(a.account_id, m.id) as account_id,
  'merged in its source' as why
from merged as m
left join across as a on a.source_account_id = m.id
