-- question: how much did each key earn under every rule-based model, and in how many deals?
-- grain: one row per key, the units without a touch apart (is_attributed 0)
-- parameters: $measure, $from_day, $to_day
with scope as (
    select
        '(all)' as key,
        c.is_attributed,
        c.unit_number,
        c.first_credit,
        c.last_credit,
        c.last_non_direct_credit,
        c.linear_credit,
        c.position_credit,
        c.j_shaped_credit,
        c.inverse_j_credit,
        c.w_shaped_credit,
        c.full_path_credit,
        c.time_decay_credit,
        c.custom_credit
    from fct_credit as c
    where c.measure = $measure and c.day >= $from_day and c.day < $to_day
),
by_unit as (
    select
        s.key,
        s.is_attributed,
        s.unit_number,
        sum(s.first_credit) as first_credit,
        sum(s.last_credit) as last_credit,
        sum(s.last_non_direct_credit) as last_non_direct_credit,
        sum(s.linear_credit) as linear_credit,
        sum(s.position_credit) as position_credit,
        sum(s.j_shaped_credit) as j_shaped_credit,
        sum(s.inverse_j_credit) as inverse_j_credit,
        sum(s.w_shaped_credit) as w_shaped_credit,
        sum(s.full_path_credit) as full_path_credit,
        sum(s.time_decay_credit) as time_decay_credit,
        sum(s.custom_credit) as custom_credit
    from scope as s
    group by s.key, s.is_attributed, s.unit_number
),
counted as (
    select count(distinct b.unit_number) as all_units
    from by_unit as b
)
select
    b.key,
    b.is_attributed,
    count(*) as units,
    min(n.all_units) as all_units,
    sum(b.first_credit) as first_credit,
    sum(case when b.first_credit <> 0 then 1 else 0 end) as first_units,
    sum(b.last_credit) as last_credit,
    sum(case when b.last_credit <> 0 then 1 else 0 end) as last_units,
    sum(b.last_non_direct_credit) as last_non_direct_credit,
    sum(case when b.last_non_direct_credit <> 0 then 1 else 0 end) as last_non_direct_units,
    sum(b.linear_credit) as linear_credit,
    sum(case when b.linear_credit <> 0 then 1 else 0 end) as linear_units,
    sum(b.position_credit) as position_credit,
    sum(case when b.position_credit <> 0 then 1 else 0 end) as position_units,
    sum(b.j_shaped_credit) as j_shaped_credit,
    sum(case when b.j_shaped_credit <> 0 then 1 else 0 end) as j_shaped_units,
    sum(b.inverse_j_credit) as inverse_j_credit,
    sum(case when b.inverse_j_credit <> 0 then 1 else 0 end) as inverse_j_units,
    sum(b.w_shaped_credit) as w_shaped_credit,
    sum(case when b.w_shaped_credit <> 0 then 1 else 0 end) as w_shaped_units,
    sum(b.full_path_credit) as full_path_credit,
    sum(case when b.full_path_credit <> 0 then 1 else 0 end) as full_path_units,
    sum(b.time_decay_credit) as time_decay_credit,
    sum(case when b.time_decay_credit <> 0 then 1 else 0 end) as time_decay_units,
    sum(b.custom_credit) as custom_credit,
    sum(case when b.custom_credit <> 0 then 1 else 0 end) as custom_units
from by_unit as b
cross join counted as n
group by b.key, b.is_attributed
order by b.is_attributed desc, b.key
