-- from: Campaign
-- What did a campaign cost? Salesforce keeps one undated sum; it stands at the campaign's start.
-- A campaign without an actual cost makes no row: unknown is not zero.
select
  c._row,
  c._file_id,
  coalesce(c.SystemModstamp, c.LastModifiedDate) as _modified,
  'campaign-' || c.Id as cost_id,
  coalesce(c.StartDate, c.EndDate, c.CreatedDate) as incurred_on,
  'marketing' as team,
  case
    when regexp_matches(lower(c.Type), 'event|conference|trade|seminar|webinar') then 'event'
    else 'media'
  end as category,
  c.ActualCost as amount,
  c.CurrencyIsoCode as currency,
  c.Id as campaign_id
from Campaign c
where c.ActualCost is not null
  and not exists (
    select 1 from Campaign_current gone
    where gone.Id = c.Id and lower(gone.IsDeleted) in ('1', 'true')
  )
