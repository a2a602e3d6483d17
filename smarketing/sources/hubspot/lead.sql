-- from: contacts
-- Which inquiries came in? A contact is one from the lifecycle stage "lead" on; a subscriber, or a
-- contact without a lifecycle stage, is a person and no lead. Lists give the owner by name.
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as lead_id,
  c.id as person_id,
  coalesce(c.associatedcompanyid, c.associated_company_ids[1]) as account_id,
  coalesce(c.hs_lifecyclestage_lead_date, h.became_lead_at, c.createdate) as created_at,
  c.hs_analytics_source as channel,
  c.hs_analytics_source_data_1 as source_detail,
  coalesce(c.hubspot_owner_id, c.owner_name) as owner_id,
  c.owner_name,
  coalesce(c.lifecyclestage, c.hs_lead_status) as status
from contacts c
cross join lateral (
  select
    min(x.entry.timestamp) filter (where lower(x.entry.value) = 'lead') as became_lead_at,
    count(*) filter (
      where lower(x.entry.value) in ('lead', 'marketingqualifiedlead', 'salesqualifiedlead')
    ) as inquiries
  from unnest(
    from_json(try_cast(c.stage_history as json), '[{"value": "VARCHAR", "timestamp": "VARCHAR"}]')
  ) x(entry)
) h
where (
    lower(c.lifecyclestage) not in (
      'subscriber', 'other', 'abonnent', 'sonstige', 'andere', 'abonné', 'autre', 'suscriptor', 'otro',
      'assinante', 'outro', 'iscritto', 'altro', 'abonnee', 'overig', 'subskrybent', 'inne', 'inny',
      'prenumerant', 'annan', 'annat', 'andet', 'annet', 'tilaaja', 'muu', 'odběratel', 'jiné', 'feliratkozó',
      'egyéb', 'abone', 'diğer', 'подписчик', 'другое', 'サブスクライバー', '購読者', '登録読者', 'その他', '구독자',
      '기타', '订阅者', '其他'
    )
    or c.hs_lifecyclestage_lead_date is not null
    or c.hs_lifecyclestage_marketingqualifiedlead_date is not null
    or c.hs_lifecyclestage_salesqualifiedlead_date is not null
    or h.inquiries > 0
  )
