-- question: who is each human we know?
-- grain: one row per person, the sources' records made one
-- parameters: none
-- Whoever opted out in one source opted out. A person without an account belongs to the company of
-- the e-mail domain.
with linked as (
  select
    l.person_id,
    p.person_id = l.person_id as is_own,
    coalesce(a.account_id, p.account_id) as account_id,
    p.email,
    p.full_name,
    p.title,
    p.seniority,
    coalesce(m.persona, '(unknown)') as persona,
    p.country,
    p.email_opt_out,
    p.do_not_contact,
    p.created_at,
    p.source
  from person as p
  inner join link_person as l on l.source_person_id = p.person_id
  left join link_account as a on a.source_account_id = p.account_id
  left join map_persona as m
    on m.title = coalesce(p.title, '')
    and m.seniority = coalesce(p.seniority, '')
),
others as (
  select
    person_id,
    min(account_id) as account_id,
    min(email) as email,
    min(full_name) as full_name,
    min(title) as title,
    min(seniority) as seniority,
    max(persona) as persona,
    min(country) as country,
    max(case when email_opt_out then 1 else 0 end) as email_opt_out,
    max(case when do_not_contact then 1 else 0 end) as do_not_contact
  from linked
  where not is_own
  group by person_id
),
joined as (
  select
    w.person_id,
    coalesce(w.account_id, o.account_id) as account_id,
    coalesce(w.email, o.email) as email,
    coalesce(w.full_name, o.full_name) as full_name,
    coalesce(w.title, o.title) as title,
    coalesce(w.seniority, o.seniority) as seniority,
    case
      when w.title is null and w.seniority is null then coalesce(o.persona, w.persona)
      else w.persona
    end as persona,
    coalesce(w.country, o.country) as country,
    coalesce(w.email_opt_out, false) or coalesce(o.email_opt_out, 0) = 1 as email_opt_out,
    coalesce(w.do_not_contact, false) or coalesce(o.do_not_contact, 0) = 1 as do_not_contact,
    w.created_at,
    w.source
  from linked as w
  left join others as o on o.person_id = w.person_id
  where w.is_own
)
select
  j.person_id,
  coalesce(j.account_id, d.account_id) as account_id,
  j.email,
  coalesce(j.full_name, j.email, j.person_id) as full_name,
  j.title,
  j.persona,
  j.seniority,
  j.country,
  coalesce(g.region, '(unknown)') as region,
  j.email_opt_out,
  j.do_not_contact,
  j.created_at,
  j.source
from joined as j
left join map_domain as m on m.raw = email_domain(lower(trim(j.email)))
left join link_domain as d on d.domain = m.domain
left join map_region as g on g.country = coalesce(j.country, '') and g.raw_region = ''
