-- from: contacts
-- Which inquiries came in? A contact is one from the lifecycle stage "lead" on; a subscriber, or a
-- contact without a lifecycle stage, is a person and no lead. Lists name the owner, whose id is found
-- where one alone is called so.
with named as (
  select nullif(concat_ws(' ', o.firstName, o.lastName), '') as name, min(o.id) as id
  from owners_current o
  group by all
  having count(*) = 1
)
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as lead_id,
  c.id as person_id,
  coalesce(c.associatedcompanyid, c.associated_company_ids[1]) as account_id,
  coalesce(c.hs_lifecyclestage_lead_date, c.createdate) as created_at,
  c.hs_analytics_source as channel,
  c.hs_analytics_source_data_1 as source_detail,
  coalesce(c.hubspot_owner_id, n.id, c.owner_name) as owner_id,
  coalesce(c.lifecyclestage, c.hs_lead_status) as status
from contacts c
left join named n on n.name = c.owner_name
where (
    lower(c.lifecyclestage) not in (
      'subscriber', 'other', 'abonnent', 'sonstige', 'andere', 'abonné', 'autre', 'suscriptor', 'otro',
      'assinante', 'outro', 'iscritto', 'altro', 'abonnee', 'overig'
    )
    or c.hs_lifecyclestage_lead_date is not null
    or c.hs_lifecyclestage_marketingqualifiedlead_date is not null
    or c.hs_lifecyclestage_salesqualifiedlead_date is not null
  )
  and not exists (
    select 1 from contacts_current gone where gone.id = c.id and flag_value(gone.archived)
  )
