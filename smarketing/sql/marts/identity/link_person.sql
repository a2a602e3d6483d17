-- question: which human does each source's person stand for, and why?
-- grain: one row per person id that any source uses (merged-away ids included)
-- parameters: none
-- Within one source its own ids and merges rule; across sources one e-mail is one human (map_email has
-- those that are not plainly an address, and the mailbox that each stands for, if any). Of a source
-- that has an e-mail twice only its first id takes part, so that its two records stay two.
with aliases as (
  select
    case when alias_id like source || ':%' then alias_id else source || ':' || alias_id end as alias_id,
    min(case when id like source || ':%' then id else source || ':' || id end) as id
  from record_alias
  where lower("table") in ('person', 'contact', 'contacts', 'people')
  group by 1
),
merged as (
  select a.alias_id, coalesce(c.id, b.id, a.id) as id
  from aliases as a
  left join aliases as b on b.alias_id = a.id
  left join aliases as c on c.alias_id = b.id
),
own as (
  select
    p.person_id,
    p.source,
    case when e.raw is null then lower(trim(p.email)) else e.address end as email
  from person as p
  left join map_email as e on e.raw = lower(trim(p.email))
  left join merged as m on m.alias_id = p.person_id
  where m.alias_id is null
),
firsts as (
  select email, source, min(person_id) as person_id
  from own
  where email like '%_@_%'
  group by email, source
),
shared as (
  select email, min(source) as source
  from firsts
  group by email
  having count(*) > 1
),
humans as (
  select f.email, f.person_id
  from firsts as f
  inner join shared as s on s.email = f.email and s.source = f.source
),
across as (
  select f.person_id as source_person_id, h.person_id
  from firsts as f
  inner join humans as h on h.email = f.email
  where f.person_id <> h.person_id
)
select
  o.person_id as source_person_id,
  coalesce(a.person_id, o.person_id) as person_id,
  case when a.person_id is null then 'own id' else 'same e-mail' end as why
from own as o
left join across as a on a.source_person_id = o.person_id
union all
select
  m.alias_id as source_person_id,
  coalesce(a.person_id, m.id) as person_id,
  'merged in its source' as why
from merged as m
left join across as a on a.source_person_id = m.id
