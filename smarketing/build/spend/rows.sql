-- question: by which id is a cost known again that has none of its own?
-- grain: one row per cost whose source makes the id of all that its row says
-- parameters: none
-- Of the values as they were read, so that another way of writing them makes no other cost.
update cost
set cost_id = source || ':row-' || md5(concat_ws('|',
    coalesce(cast(incurred_on as varchar), ''), coalesce(cast(covers_until as varchar), ''),
    lower(coalesce(team, '')), lower(coalesce(category, '')), coalesce(cast(amount as varchar), ''),
    coalesce(currency, ''), lower(coalesce(campaign_id, '')),
    coalesce(cast(impressions as varchar), ''), coalesce(cast(clicks as varchar), '')
  ))
where starts_with(cost_id, source || ':typed-row-')
