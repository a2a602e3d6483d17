-- question: what did touches of some days earn in deals or leads of some days, at which margin?
-- grain: one row per key and agreed gross margin (null before the first one agreed)
-- parameters: $measure, $from_day, $to_day (of the close or creation), $from_us, $to_us (of the touch)
-- The margin is that of the day of the close or creation, never that of the touch.
with scope as (
    select
        '(all)' as key,
        g.margin,
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
    left join agreement_gross_margin as g on c.day >= g.starts_on and c.day < g.ends_on
    where c.measure = $measure
        and c.is_attributed = 1
        and c.day >= $from_day
        and c.day < $to_day
        and c.touch_us >= $from_us
        and c.touch_us < $to_us
)
select
    s.key,
    s.margin,
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
group by s.key, s.margin
order by s.key, s.margin
