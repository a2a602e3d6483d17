-- question: which won revenue does the agreed model credit to which touch, and at which margin?
-- grain: one row per won deal and touch that counts
-- parameters: $default_model
-- The ledger of the agreement's own model at its own settings; what has no touch is not in it. The
-- margin is that of the day of the close. Empty under a model by key, which credits no touches.
with own as (
    select min(a.model) as model
    from agreement_custom_model as a
),
credited as (
    select
        c.deal_id,
        c.touch_id,
        c.day,
        case $default_model
            when 'first' then c.first_credit
            when 'last' then c.last_credit
            when 'last_non_direct' then c.last_non_direct_credit
            when 'linear' then c.linear_credit
            when 'position' then c.position_credit
            when 'j_shaped' then c.j_shaped_credit
            when 'inverse_j' then c.inverse_j_credit
            when 'w_shaped' then c.w_shaped_credit
            when 'full_path' then c.full_path_credit
            when 'time_decay' then c.time_decay_credit
            else case when o.model = $default_model then c.custom_credit end
        end as credit_amount,
        c.channel,
        c.raw_channel,
        c.campaign_id,
        c.source
    from fct_credit as c
    cross join own as o
    where c.measure = 'revenue' and c.is_attributed = 1
)
select
    c.deal_id,
    c.touch_id,
    c.day,
    c.credit_amount,
    c.credit_amount * g.margin as margin_amount,
    d.currency,
    d.rate_factor,
    c.channel,
    c.raw_channel,
    c.campaign_id,
    c.source
from credited as c
inner join fct_deal as d on d.deal_id = c.deal_id
left join agreement_gross_margin as g on c.day >= g.starts_on and c.day < g.ends_on
where c.credit_amount is not null
