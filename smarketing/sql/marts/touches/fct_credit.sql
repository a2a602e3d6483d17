-- question: how much of each deal and lead did each touch earn, under every rule-based model?
-- grain: one row per measure, unit (deal or lead) and eligible touch; one row (is_attributed 0) for
-- a unit without any, so that every credit adds up to the amounts exactly
-- parameters: $lookback_days, $side, $half_life_days
-- Amounts are minor units; a lead is worth 1,000,000. Credit is the rounded running share of the
-- amount minus the rounded running share before, in touch order. A running share is start + step x
-- touches so far + lead share once the lead's touch is reached + deal share likewise, and the whole
-- at the last touch. For other settings the CTE `asked` is replaced; for another side, people, kind
-- or half-life `eligible` too. custom_credit is that of the agreement's first own model.
with asked as (
    select
        m.measure,
        m.measure_number,
        m.unit_kind,
        cast(null as date) as from_day,
        cast(null as date) as to_day,
        0 as with_lost,
        cast($lookback_days as bigint) * 86400000000 as lookback_us,
        $half_life_days * 86400000000.0 as half_life_us,
        $side as side,
        c.custom_first, c.custom_lead, c.custom_deal, c.custom_last, c.custom_middle
    from (
        select 'revenue' as measure, 1 as measure_number, 'deal' as unit_kind
        union all
        select 'pipeline' as measure, 2 as measure_number, 'deal' as unit_kind
        union all
        select 'leads' as measure, 3 as measure_number, 'lead' as unit_kind
    ) as m
    cross join (
        select
            coalesce(max(case when a.role = 'first' then a.weight end), 0.0) as custom_first,
            coalesce(max(case when a.role = 'lead_creation' then a.weight end), 0.0) as custom_lead,
            coalesce(max(case when a.role = 'deal_creation' then a.weight end), 0.0) as custom_deal,
            coalesce(max(case when a.role = 'last' then a.weight end), 0.0) as custom_last,
            coalesce(max(case when a.role = 'middle' then a.weight end), 0.0) as custom_middle
        from agreement_custom_model as a
        where a.model = (select min(b.model) from agreement_custom_model as b)
    ) as c
),
measured as (
    select
        u.unit_number * 4 + a.measure_number as unit_row,
        a.measure,
        case a.measure
            when 'revenue' then case when u.outcome = 'won' then u.won_amount else 0 end
            when 'pipeline' then u.pipeline_amount
            else 1000000
        end as amount,
        case a.measure
            when 'revenue' then u.revenue_us
            when 'pipeline' then u.pipeline_us
            else u.lead_us
        end as anchor_us,
        u.created_us,
        case a.measure
            when 'revenue' then u.revenue_floor_us
            when 'pipeline' then u.pipeline_floor_us
        end as floor_us,
        u.lead_created_us + 86400000000 as lead_until_us,
        case when a.measure <> 'leads' then u.pipeline_us end as deal_until_us,
        case a.measure when 'revenue' then 1 else 0 end as has_close,
        case a.measure when 'revenue' then u.closed_day else u.created_day end as day,
        a.custom_first + a.custom_lead + a.custom_deal + a.custom_last
        + a.custom_middle as custom_total,
        u.unit_number, u.outcome, u.unit_kind, u.unit_id, u.deal_id, u.lead_id, u.account_id,
        u.cluster_id, u.people_rule, u.name, u.segment, u.region, u.persona, u.lead_type,
        u.owner_id, u.owner, u.pipeline, u.deal_kind, u.source, a.lookback_us, a.half_life_us,
        a.side as asked_side, a.custom_first, a.custom_lead, a.custom_deal, a.custom_last,
        a.custom_middle, a.from_day, a.to_day
    from fct_unit as u
    inner join asked as a on a.unit_kind = u.unit_kind
    where a.measure <> 'revenue' or u.outcome = 'won' or (a.with_lost = 1 and u.outcome = 'lost')
),
worth as (
    select
        case
            when m.floor_us >= coalesce(m.created_us, m.anchor_us) - m.lookback_us
                then m.floor_us + 1
            else coalesce(m.created_us, m.anchor_us) - m.lookback_us
        end as start_us,
        m.unit_row, m.measure, m.amount, m.anchor_us, m.lead_until_us, m.deal_until_us, m.has_close,
        m.day, m.unit_number, m.outcome, m.unit_kind, m.unit_id, m.deal_id, m.lead_id, m.account_id,
        m.cluster_id, m.people_rule, m.name, m.segment, m.region, m.persona, m.lead_type,
        m.owner_id, m.owner, m.pipeline, m.deal_kind, m.source, m.half_life_us, m.asked_side,
        m.custom_first, m.custom_lead, m.custom_deal, m.custom_last, m.custom_middle, m.custom_total
    from measured as m
    where m.anchor_us is not null
        and m.amount is not null
        and (m.from_day is null or m.day >= m.from_day)
        and (m.to_day is null or m.day < m.to_day)
),
eligible as (
    select
        u.unit_row, u.lead_until_us, u.deal_until_us, j.touch_us,
        j.agreed_number as running,
        j.is_lead_creating, j.channel, j.raw_channel, j.campaign_id, j.kind, j.side, j.touch_id
    from fct_journey as j
    inner join worth as u on u.unit_number = j.unit_number
    where j.is_agreed = 1 and j.touch_us >= u.start_us and j.touch_us <= u.anchor_us
),
counted as (
    select
        e.unit_row,
        min(e.running) - 1 as before,
        count(*) as touches,
        max(case when e.is_lead_creating = 1 then e.running end) as lead_named,
        max(case when e.touch_us <= e.lead_until_us then e.running end) as lead_latest,
        max(case when e.touch_us <= e.deal_until_us then e.running end) as deal_latest,
        max(case when e.channel <> $direct_channel then e.running end) as not_direct,
        max(e.touch_us) as last_us
    from eligible as e
    group by e.unit_row
),
placed as (
    select
        u.unit_row, u.has_close, u.custom_first, u.custom_lead, u.custom_deal, u.custom_last,
        u.custom_middle, u.custom_total,
        cast(u.amount as double) as amount,
        c.before, c.touches, c.last_us, u.half_life_us,
        coalesce(c.lead_named, c.lead_latest) - c.before as lead_position,
        c.deal_latest - c.before as deal_position,
        coalesce(c.not_direct - c.before, c.touches) as not_direct_position
    from counted as c
    inner join worth as u on u.unit_row = c.unit_row
),
roles as (
    select
        'w_shaped' as model,
        p.unit_row, p.touches, p.lead_position, p.deal_position,
        0.3 as first_weight, 0.3 as lead_weight, 0.3 as deal_weight, 0.0 as last_weight,
        0.1 as middle_weight,
        1 as use_first,
        case when p.lead_position is null then 0 else 1 end as use_lead,
        case when p.deal_position is null then 0 else 1 end as use_deal,
        0 as use_last
    from placed as p
    union all
    select
        'full_path' as model,
        p.unit_row, p.touches, p.lead_position, p.deal_position,
        0.225 as first_weight, 0.225 as lead_weight, 0.225 as deal_weight, 0.225 as last_weight,
        0.1 as middle_weight,
        1 as use_first,
        case when p.lead_position is null then 0 else 1 end as use_lead,
        case when p.deal_position is null then 0 else 1 end as use_deal,
        p.has_close as use_last
    from placed as p
    union all
    select
        'custom' as model,
        p.unit_row, p.touches, p.lead_position, p.deal_position,
        p.custom_first as first_weight, p.custom_lead as lead_weight,
        p.custom_deal as deal_weight, p.custom_last as last_weight,
        p.custom_middle as middle_weight,
        case when p.custom_first > 0 then 1 else 0 end as use_first,
        case when p.custom_lead > 0 and p.lead_position is not null then 1 else 0 end as use_lead,
        case when p.custom_deal > 0 and p.deal_position is not null then 1 else 0 end as use_deal,
        case when p.custom_last > 0 then 1 else 0 end as use_last
    from placed as p
    where p.custom_total > 0
),
own as (
    select
        r.model, r.unit_row, r.touches, r.first_weight, r.lead_weight, r.deal_weight,
        r.middle_weight, r.use_first, r.use_lead, r.use_deal,
        r.use_first + r.use_lead + r.use_deal + r.use_last as held,
        r.first_weight * (1 - r.use_first)
        + r.lead_weight * (1 - r.use_lead)
        + r.deal_weight * (1 - r.use_deal)
        + r.last_weight * (1 - r.use_last) as unheld_weight,
        case
            when r.use_lead = 0 or (r.use_first = 1 and r.lead_position = 1) then 0
            else 1
        end as lead_alone,
        case
            when r.use_deal = 0
                or (r.use_first = 1 and r.deal_position = 1)
                or (r.use_lead = 1 and r.deal_position = r.lead_position) then 0
            else 1
        end as deal_alone,
        case
            when r.use_last = 0
                or (r.use_first = 1 and r.touches = 1)
                or (r.use_lead = 1 and r.lead_position = r.touches)
                or (r.use_deal = 1 and r.deal_position = r.touches) then 0
            else 1
        end as last_alone
    from roles as r
),
spread as (
    select
        o.model, o.unit_row, o.use_first, o.use_lead, o.use_deal, o.lead_alone, o.deal_alone,
        o.first_weight, o.lead_weight, o.deal_weight,
        o.touches - o.use_first - o.lead_alone - o.deal_alone - o.last_alone as middle_touches,
        case
            when o.held = 0 then 0.0
            when o.touches = o.use_first + o.lead_alone + o.deal_alone + o.last_alone
                then (o.unheld_weight + o.middle_weight) / nullif(o.held, 0)
            else o.unheld_weight / nullif(o.held, 0)
        end as bonus,
        case when o.held = 0 then 1.0 else o.middle_weight end as middle_weight
    from own as o
),
sloped as (
    select
        s.model, s.unit_row,
        s.use_first * (s.first_weight + s.bonus) as first_share,
        s.use_lead * (s.lead_weight + s.bonus) as lead_share,
        s.use_deal * (s.deal_weight + s.bonus) as deal_share,
        s.use_first,
        s.lead_alone,
        s.deal_alone,
        coalesce(s.middle_weight / nullif(s.middle_touches, 0), 0.0) as step
    from spread as s
),
shaped as (
    select
        s.unit_row,
        max(case s.model when 'w_shaped' then s.first_share - s.step * s.use_first end) as w_start,
        max(case s.model when 'w_shaped' then s.step end) as w_step,
        max(case s.model when 'w_shaped' then s.lead_share - s.step * s.lead_alone end) as w_lead,
        max(case s.model when 'w_shaped' then s.deal_share - s.step * s.deal_alone end) as w_deal,
        max(case s.model when 'full_path' then s.first_share - s.step * s.use_first end) as f_start,
        max(case s.model when 'full_path' then s.step end) as f_step,
        max(case s.model when 'full_path' then s.lead_share - s.step * s.lead_alone end) as f_lead,
        max(case s.model when 'full_path' then s.deal_share - s.step * s.deal_alone end) as f_deal,
        max(case s.model when 'custom' then s.first_share - s.step * s.use_first end) as c_start,
        max(case s.model when 'custom' then s.step end) as c_step,
        max(case s.model when 'custom' then s.lead_share - s.step * s.lead_alone end) as c_lead,
        max(case s.model when 'custom' then s.deal_share - s.step * s.deal_alone end) as c_deal
    from sloped as s
    group by s.unit_row
),
slopes as (
    select
        p.unit_row, p.before, p.touches, p.lead_position, p.deal_position, p.not_direct_position,
        coalesce(p.lead_position, p.touches + 1) as lead_from,
        coalesce(p.deal_position, p.touches + 1) as deal_from,
        p.last_us, p.half_life_us, p.amount,
        p.amount / nullif(p.touches, 0) as linear_step,
        case when p.touches > 2 then 0.4 else 0.5 end as position_start,
        coalesce(0.2 / nullif(p.touches - 2, 0), 0.0) as position_step,
        case when p.touches > 2 then 0.2 else 0.3 end as j_start,
        case when p.touches > 2 then 0.6 else 0.7 end as inverse_start,
        s.w_start, s.w_step, s.w_lead, s.w_deal, s.f_start, s.f_step, s.f_lead, s.f_deal, s.c_start,
        s.c_step, s.c_lead, s.c_deal
    from placed as p
    inner join shaped as s on s.unit_row = p.unit_row
),
steps as (
    select
        e.unit_row, e.touch_us, e.channel, e.raw_channel, e.campaign_id, e.kind, e.side, e.touch_id,
        s.amount, s.touches, s.lead_position, s.deal_position, s.not_direct_position,
        cast(e.running - s.before as double) as i,
        cast(cast(e.running - s.before = 1 as int) as double) as is_first,
        cast(cast(e.running - s.before = s.touches as int) as double) as is_last,
        cast(e.running - s.before = s.not_direct_position as int) as is_not_direct,
        cast(cast(s.lead_from <= e.running - s.before as int) as double) as lead_now,
        cast(cast(s.lead_from < e.running - s.before as int) as double) as lead_before,
        cast(cast(s.deal_from <= e.running - s.before as int) as double) as deal_now,
        cast(cast(s.deal_from < e.running - s.before as int) as double) as deal_before,
        power(2.0, (e.touch_us - s.last_us) / nullif(s.half_life_us, 0)) as decay,
        sum(power(2.0, (e.touch_us - s.last_us) / nullif(s.half_life_us, 0))) over (
            partition by e.unit_row
        ) as decay_total,
        sum(power(2.0, (e.touch_us - s.last_us) / nullif(s.half_life_us, 0))) over (
            partition by e.unit_row
            order by e.running
            rows between unbounded preceding and current row
        ) as decay_sum,
        s.linear_step, s.position_start, s.position_step, s.j_start, s.inverse_start, s.w_start,
        s.w_step, s.w_lead, s.w_deal, s.f_start, s.f_step, s.f_lead, s.f_deal, s.c_start, s.c_step,
        s.c_lead, s.c_deal
    from eligible as e
    inner join slopes as s on s.unit_row = e.unit_row
),
credited as (
    select
        t.unit_row, t.touch_us, t.channel, t.raw_channel, t.campaign_id, t.kind, t.side, t.touch_id,
        t.touches, t.lead_position, t.deal_position, t.not_direct_position,
        t.decay / nullif(t.decay_total, 0) as decay_share,
        cast(t.i as int) as position,
        cast(t.amount * t.is_first as bigint) as first_credit,
        cast(t.amount * t.is_last as bigint) as last_credit,
        cast(t.amount * t.is_not_direct as bigint) as last_non_direct_credit,
        cast(
            t.is_last * t.amount + (1 - t.is_last) * floor(t.linear_step * t.i + 0.5000001)
            - (1 - t.is_first) * floor(t.linear_step * (t.i - 1) + 0.5000001) as bigint
        ) as linear_credit,
        cast(
            t.is_last * t.amount + (1 - t.is_last)
            * floor(t.amount * (t.position_start + t.position_step * (t.i - 1)) + 0.5000001)
            - (1 - t.is_first)
            * floor(t.amount * (t.position_start + t.position_step * (t.i - 2)) + 0.5000001)
            as bigint
        ) as position_credit,
        cast(
            t.is_last * t.amount + (1 - t.is_last)
            * floor(t.amount * (t.j_start + t.position_step * (t.i - 1)) + 0.5000001)
            - (1 - t.is_first)
            * floor(t.amount * (t.j_start + t.position_step * (t.i - 2)) + 0.5000001)
            as bigint
        ) as j_shaped_credit,
        cast(
            t.is_last * t.amount + (1 - t.is_last)
            * floor(t.amount * (t.inverse_start + t.position_step * (t.i - 1)) + 0.5000001)
            - (1 - t.is_first)
            * floor(t.amount * (t.inverse_start + t.position_step * (t.i - 2)) + 0.5000001)
            as bigint
        ) as inverse_j_credit,
        cast(
            t.is_last * t.amount + (1 - t.is_last) * floor(
                t.amount * (
                    t.w_start + t.w_step * t.i + t.w_lead * t.lead_now + t.w_deal * t.deal_now
                ) + 0.5000001
            )
            - (1 - t.is_first) * floor(
                t.amount * (
                    t.w_start + t.w_step * (t.i - 1)
                    + t.w_lead * t.lead_before + t.w_deal * t.deal_before
                ) + 0.5000001
            ) as bigint
        ) as w_shaped_credit,
        cast(
            t.is_last * t.amount + (1 - t.is_last) * floor(
                t.amount * (
                    t.f_start + t.f_step * t.i + t.f_lead * t.lead_now + t.f_deal * t.deal_now
                ) + 0.5000001
            )
            - (1 - t.is_first) * floor(
                t.amount * (
                    t.f_start + t.f_step * (t.i - 1)
                    + t.f_lead * t.lead_before + t.f_deal * t.deal_before
                ) + 0.5000001
            ) as bigint
        ) as full_path_credit,
        cast(
            t.is_last * t.amount
            + (1 - t.is_last) * floor(t.amount * t.decay_sum / nullif(t.decay_total, 0) + 0.5000001)
            - (1 - t.is_first)
            * floor(t.amount * (t.decay_sum - t.decay) / nullif(t.decay_total, 0) + 0.5000001)
            as bigint
        ) as time_decay_credit,
        cast(
            t.is_last * t.amount + (1 - t.is_last) * floor(
                t.amount * (
                    t.c_start + t.c_step * t.i + t.c_lead * t.lead_now + t.c_deal * t.deal_now
                ) + 0.5000001
            )
            - (1 - t.is_first) * floor(
                t.amount * (
                    t.c_start + t.c_step * (t.i - 1)
                    + t.c_lead * t.lead_before + t.c_deal * t.deal_before
                ) + 0.5000001
            ) as bigint
        ) as custom_credit
    from steps as t
),
every_row as (
    select
        1 as is_attributed,
        c.unit_row, c.touch_us, c.channel, c.raw_channel, c.campaign_id, c.kind, c.side, c.touch_id,
        c.touches, c.position, c.lead_position, c.deal_position, c.not_direct_position,
        c.decay_share, c.first_credit, c.last_credit, c.last_non_direct_credit, c.linear_credit,
        c.position_credit, c.j_shaped_credit, c.inverse_j_credit, c.w_shaped_credit,
        c.full_path_credit, c.time_decay_credit, c.custom_credit
    from credited as c
    union all
    select
        0 as is_attributed,
        w.unit_row,
        cast(null as bigint) as touch_us,
        '(unattributed)' as channel,
        '(unattributed)' as raw_channel,
        '(unattributed)' as campaign_id,
        '(unattributed)' as kind,
        '(unattributed)' as side,
        null as touch_id,
        0 as touches, null as position, null as lead_position, null as deal_position,
        null as not_direct_position, cast(null as double) as decay_share,
        w.amount as first_credit, w.amount as last_credit, w.amount as last_non_direct_credit,
        w.amount as linear_credit, w.amount as position_credit, w.amount as j_shaped_credit,
        w.amount as inverse_j_credit, w.amount as w_shaped_credit, w.amount as full_path_credit,
        w.amount as time_decay_credit,
        case when w.custom_total > 0 then w.amount end as custom_credit
    from worth as w
    left join counted as c on c.unit_row = w.unit_row
    where c.unit_row is null
)
select
    w.measure, w.day, w.amount, w.outcome, w.anchor_us, r.is_attributed, r.touch_us, r.channel,
    r.raw_channel, r.campaign_id, r.kind, r.side, r.touch_id, r.touches, r.position,
    r.lead_position, r.deal_position, r.not_direct_position, r.decay_share, r.first_credit,
    r.last_credit, r.last_non_direct_credit, r.linear_credit, r.position_credit, r.j_shaped_credit,
    r.inverse_j_credit, r.w_shaped_credit, r.full_path_credit, r.time_decay_credit, r.custom_credit,
    w.unit_number, w.unit_kind, w.unit_id, w.deal_id, w.lead_id, w.account_id, w.cluster_id,
    w.people_rule, w.name, w.segment, w.region, w.persona, w.lead_type, w.owner_id, w.owner,
    w.pipeline, w.deal_kind, w.source
from every_row as r
inner join worth as w on w.unit_row = r.unit_row
