-- question: (stands in for the CTE `eligible` of fct_credit) which touches count under another side,
-- other people, kinds or another half-life than those agreed, in which order?
-- grain: one row per unit and touch that counts
-- parameters: $people; the condition on is_excluded gives way to a list of kinds where one is asked
-- The running numbers that fct_journey holds for the agreed choices are counted anew here; decay is
-- counted from the unit's last touch, so that the shortest half-life leaves something to share.
with chosen as (
    select
        u.unit_row,
        u.lead_until_us,
        u.deal_until_us,
        j.touch_us,
        j.position,
        u.half_life_us,
        max(j.touch_us) over (partition by u.unit_row) as last_us,
        j.is_lead_creating,
        j.channel,
        j.raw_channel,
        j.campaign_id,
        j.kind,
        j.side,
        j.touch_id
    from fct_journey as j
    inner join worth as u on u.unit_number = j.unit_number
    where j.is_excluded = 0
        and j.touch_us >= u.start_us
        and j.touch_us <= u.anchor_us
        and (u.asked_side = 'both' or j.side = u.asked_side)
        and case $people
            when 'committee' then j.in_committee
            when 'primary' then j.in_primary
            when 'account' then j.in_account
            when 'lead' then j.on_lead
            else j.in_default
        end = 1
),
decaying as (
    select
        c.unit_row,
        c.lead_until_us,
        c.deal_until_us,
        c.touch_us,
        c.position,
        power(2.0, (c.touch_us - c.last_us) / nullif(c.half_life_us, 0)) as decay,
        c.is_lead_creating,
        c.channel,
        c.raw_channel,
        c.campaign_id,
        c.kind,
        c.side,
        c.touch_id
    from chosen as c
)
select
    c.unit_row,
    c.lead_until_us,
    c.deal_until_us,
    c.touch_us,
    row_number() over (partition by c.unit_row order by c.position) as running,
    c.decay,
    sum(c.decay) over (
        partition by c.unit_row
        order by c.position
        rows between unbounded preceding and current row
    ) as running_decay,
    c.is_lead_creating,
    c.channel,
    c.raw_channel,
    c.campaign_id,
    c.kind,
    c.side,
    c.touch_id
from decaying as c
