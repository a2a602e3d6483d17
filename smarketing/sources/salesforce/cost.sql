-- from: Campaign
-- What did a campaign cost? Salesforce keeps one undated sum. It covers the days of the campaign, of
-- a running one those until the record was last changed; without both days it stands on the one
-- that is known. A campaign without an actual cost makes no row: unknown is not zero.
select
  c._row,
  c._file_id,
  coalesce(c.SystemModstamp, c.LastModifiedDate) as _modified,
  'campaign-' || c.Id as cost_id,
  coalesce(c.StartDate, c.EndDate, c.CreatedDate) as incurred_on,
  case
    when c.StartDate is null then null
    when try_cast(c.EndDate as date) is null then c.EndDate
    else cast(least(
      try_cast(c.EndDate as date),
      greatest(
        try_cast(c.StartDate as date),
        try_cast(left(coalesce(c.SystemModstamp, c.LastModifiedDate), 10) as date)
      )
    ) as varchar)
  end as covers_until,
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
