-- question: do the marts hold exactly the records of the core tables, each once?
-- grain: one row per invariant; `expected` and `found` are equal where it holds, and in minor units
--   where it `is_money`
-- parameters: none
select 1 as place, 'every deal once' as invariant,
  (select count(*) from deal) as expected, (select count(*) from fct_deal) as found,
  false as is_money
union all
select 2, 'every touch once',
  (select count(*) from touch), (select count(*) from fct_touch),
  false
union all
select 3, 'every cost once',
  (select count(*) from cost), (select count(*) from fct_cost),
  false
union all
select 4, 'every lead once',
  (select count(*) from lead),
  (select count(*) from dim_lead as l where not l.is_stub),
  false
union all
select 5, 'every campaign once',
  (select count(*) from campaign),
  (
    select count(*) from campaign as c
    inner join link_campaign as l on l.name = c.campaign_id
    inner join dim_campaign as d on d.campaign_id = l.campaign_id
  ),
  false
union all
select 6, 'no lead twice',
  (select count(*) from dim_lead), (select count(distinct l.lead_id) from dim_lead as l),
  false
union all
select 7, 'no person twice',
  (select count(*) from dim_person), (select count(distinct p.person_id) from dim_person as p),
  false
union all
select 8, 'no account twice',
  (select count(*) from dim_account), (select count(distinct a.account_id) from dim_account as a),
  false
union all
select 9, 'won amounts of the company''s currency in the marts are those of the core tables',
  (
    select coalesce(sum(d.amount), 0) from deal as d cross join build_info as b
    where d.outcome = 'won' and coalesce(d.currency, b.currency) = b.currency
  ),
  (
    select coalesce(sum(f.won_amount), 0) from fct_deal as f cross join build_info as b
    where f.outcome = 'won' and f.currency = b.currency
  ),
  true
union all
select 10, 'costs of the company''s currency in the marts are those of the core tables',
  (
    select coalesce(sum(c.amount), 0) from cost as c cross join build_info as b
    where coalesce(c.currency, b.currency) = b.currency
  ),
  (
    select coalesce(sum(f.cost_amount), 0) from fct_cost as f cross join build_info as b
    where f.currency = b.currency
  ),
  true
union all
select 11, 'no deal closed before it was created, where the creation is known',
  0,
  (select count(*) from fct_deal as f where f.cycle_days < 0),
  false
union all
select 12, 'credits of first add up to the won deals',
  (
    select coalesce(sum(f.won_amount), 0) from fct_deal as f
    where f.outcome = 'won' and f.closed_at is not null
  ),
  (
    select coalesce(sum(c.first_credit), 0) from fct_credit as c where c.measure = 'revenue'
  ),
  true
union all
select 13, 'credits of last add up to the won deals',
  (
    select coalesce(sum(f.won_amount), 0) from fct_deal as f
    where f.outcome = 'won' and f.closed_at is not null
  ),
  (
    select coalesce(sum(c.last_credit), 0) from fct_credit as c where c.measure = 'revenue'
  ),
  true
union all
select 14, 'credits of linear add up to the won deals',
  (
    select coalesce(sum(f.won_amount), 0) from fct_deal as f
    where f.outcome = 'won' and f.closed_at is not null
  ),
  (
    select coalesce(sum(c.linear_credit), 0) from fct_credit as c where c.measure = 'revenue'
  ),
  true
union all
select 15, 'credits of position add up to the won deals',
  (
    select coalesce(sum(f.won_amount), 0) from fct_deal as f
    where f.outcome = 'won' and f.closed_at is not null
  ),
  (
    select coalesce(sum(c.position_credit), 0) from fct_credit as c where c.measure = 'revenue'
  ),
  true
union all
select 16, 'credits of pipeline add up to the deals created',
  (select coalesce(sum(f.pipeline_amount), 0) from fct_deal as f where f.created_known),
  (select coalesce(sum(c.linear_credit), 0) from fct_credit as c where c.measure = 'pipeline'),
  true
order by place
