-- question: what did we spend, on which day, for which campaign?
-- grain: one row per cost record of a source
-- parameters: $currency
-- An amount without a rate on its day (or the seven before) has no cost_amount; rate_known says so.
with given as (
    select
        c.cost_id,
        c.incurred_on,
        c.team,
        c.category,
        c.amount,
        upper(trim(coalesce(c.currency, $currency))) as currency,
        coalesce(l.campaign_id, c.campaign_id) as campaign_id,
        c.impressions,
        c.clicks,
        c.source
    from cost as c
    left join link_campaign as l on l.name = c.campaign_id
)
select
    g.cost_id,
    g.incurred_on,
    coalesce(g.team, '(unknown)') as team,
    coalesce(g.category, '(unknown)') as category,
    case
        when g.currency = $currency then g.amount
        else cast(floor(g.amount * r.factor + 0.5) as bigint)
    end as cost_amount,
    g.amount,
    g.currency,
    g.currency = $currency or r.factor is not null as rate_known,
    g.campaign_id,
    c.name as campaign,
    coalesce(c.channel, '(unknown)') as channel,
    c.raw_channel,
    c.persona,
    g.impressions,
    g.clicks,
    g.source
from given as g
left join dim_campaign as c on c.campaign_id = g.campaign_id
left join dim_rate as r on r.currency = g.currency and r.day = g.incurred_on
