-- question: how much did each key earn in each account, under every rule-based model?
-- grain: one row per cluster (account, else person, else the unit alone) and key
-- parameters: $measure, $from_day, $to_day
-- Accounts are what is drawn again to see how far the shares may move.
with scope as (
    select
        '(all)' as key,
        c.is_attributed,
        c.cluster_id,
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
)
select
    s.cluster_id,
    s.key,
    s.is_attributed,
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
group by s.cluster_id, s.key, s.is_attributed
order by s.cluster_id, s.is_attributed, s.key
