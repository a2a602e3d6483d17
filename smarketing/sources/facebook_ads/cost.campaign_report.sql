-- from: campaign_report
-- What was spent per campaign (ad set, ad) and day, in a report Ads Manager downloaded? The header
-- of the amount names the currency. A report without a day breakdown stands at its first day. The
-- row without a campaign is the total, one without an amount ran no ads. Nothing where a connector
-- has landed the same.
with amounts as (
  select
    r.*,
    coalesce(
      r."Amount spent",
      r."Amount spent (USD)",
      r."Amount spent (EUR)",
      r."Amount spent (GBP)",
      r."Amount spent (CHF)",
      r."Amount spent (CAD)",
      r."Amount spent (AUD)",
      r."Amount spent (JPY)",
      r."Amount spent (SEK)",
      r."Amount spent (NOK)",
      r."Amount spent (DKK)",
      r."Amount spent (PLN)",
      r."Amount spent (INR)",
      r."Amount spent (BRL)"
    ) as spent,
    case
      when r."Currency" is not null then r."Currency"
      when r."Amount spent (USD)" is not null then 'USD'
      when r."Amount spent (EUR)" is not null then 'EUR'
      when r."Amount spent (GBP)" is not null then 'GBP'
      when r."Amount spent (CHF)" is not null then 'CHF'
      when r."Amount spent (CAD)" is not null then 'CAD'
      when r."Amount spent (AUD)" is not null then 'AUD'
      when r."Amount spent (JPY)" is not null then 'JPY'
      when r."Amount spent (SEK)" is not null then 'SEK'
      when r."Amount spent (NOK)" is not null then 'NOK'
      when r."Amount spent (DKK)" is not null then 'DKK'
      when r."Amount spent (PLN)" is not null then 'PLN'
      when r."Amount spent (INR)" is not null then 'INR'
      when r."Amount spent (BRL)" is not null then 'BRL'
    end as spent_in,
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
