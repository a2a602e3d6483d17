-- question: which company does an e-mail domain stand for?
-- grain: one row per company domain of an account, or of a person without an account
-- parameters: none
-- A domain of several accounts names none of them (account_id is null). A corporate domain that no
-- account has makes an account of its own.
with known as (
  select
    d.domain,
    case when count(distinct l.account_id) = 1 then min(l.account_id) end as account_id
  from account as a
  inner join map_domain as d on d.raw = a.domain
  inner join link_account as l on l.source_account_id = a.account_id
  where d.domain is not null
  group by d.domain
),
homeless as (
  select distinct d.domain
  from person as p
  inner join map_domain as d on d.raw = email_domain(lower(trim(p.email)))
  where p.account_id is null and d.domain is not null
)
select domain, account_id, false as is_derived
from known
union all
select h.domain, 'domain:' || h.domain as account_id, true as is_derived
from homeless as h
left join known as k on k.domain = h.domain
where k.domain is null
