-- from: campaign_report
-- What was spent per campaign (ad set, ad) and day, in a report Ads Manager downloaded? The header
-- of the amount names the currency. A report without a day breakdown stands at its first day. The
-- row without a campaign is the total, one without an amount ran no ads. Nothing where a connector
-- has landed the same.
with amounts as (
  select
    r.*,
    r.amount_spent[1].value as spent,
    coalesce(r."Currency", nullif(r.amount_spent[1].name, '')) as spent_in,
    md5(concat_ws('|',
      'campaign_report', coalesce(r."Account ID", r."Account name", ''),
      coalesce(r."Day", r."Reporting starts", ''),
      coalesce(r."Campaign ID", r."Campaign name", ''),
      coalesce(r."Ad Set ID", r."Ad set name", ''), coalesce(r."Ad ID", r."Ad name", '')
    )) as grain
  from campaign_report r
  where r."Campaign name" is not null
    and not exists (select 1 from basic_campaign_current)
    and not exists (select 1 from basic_ad_current)
)
select
  a._row,
  a._file_id,
  a.grain || '-' || row_number() over (partition by a._file_id, a.grain order by a._row) as cost_id,
  coalesce(a."Day", a."Reporting starts") as incurred_on,
  'marketing' as team,
  'media' as category,
  a.spent as amount,
  a.spent_in as currency,
  coalesce(a."Campaign ID", a."Campaign name") as campaign_id,
  a."Impressions" as impressions,
  coalesce(a."Link clicks", a."Clicks (all)") as clicks
from amounts a
where a.spent is not null
