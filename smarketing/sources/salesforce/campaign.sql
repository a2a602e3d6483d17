-- from: Campaign
-- Which campaigns were run? One row per campaign id; two that share a name stay two.
select
  c._row,
  c._file_id,
  coalesce(c.SystemModstamp, c.LastModifiedDate) as _modified,
  c.Id as campaign_id,
  c.Name as name,
  c.Type as channel,
  c.Type as kind,
  c.ParentId as parent_id,
  c.Status as status,
  c.StartDate as starts_on,
  c.EndDate as ends_on,
  c.BudgetedCost as budget,
  c.CurrencyIsoCode as currency,
  c.OwnerId as owner_id
from Campaign c
