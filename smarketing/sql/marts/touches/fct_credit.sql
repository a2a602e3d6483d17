-- question: how much of each deal and lead did each touch earn, under every rule-based model?
-- grain: one row per measure, unit (deal or lead) and eligible touch; one row (is_attributed 0) for
-- a unit without any, so that every credit adds up to the amounts exactly
-- parameters: $lookback_days, $side, $half_life_days, $default_model
-- Amounts are minor units; a lead is worth 1,000,000. Credit is the rounded running share of the
-- amount minus the rounded running share before, in touch order. A running share is start + step x
-- touches so far + lead share once the lead's touch is reached + deal share likewise, and the whole
-- at the last touch. For other settings the CTE `asked` is replaced; for another side, people, kind
-- or half-life `eligible` too, for another model of the agreement's own `own_model`. custom_credit
-- is that of the default model where it is the agreement's own, else of its first own one.
-- `model_role` has the weights that the registry of models holds; each_outer stands for its models
-- of roles at the ends only, each_inner for those with roles in between and for custom, each_model
-- for all of them (engine/each_model.py).
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
    $side as side
  from (
    select 'revenue' as measure, 1 as measure_number, 'deal' as unit_kind
    union all
    select 'pipeline' as measure, 2 as measure_number, 'deal' as unit_kind
    union all
    select 'leads' as measure, 3 as measure_number, 'lead' as unit_kind
  ) as m
),
own_model as (
  select
    coalesce(max(case when a.role = 'first' then a.weight end), 0.0) as first_weight,
    coalesce(max(case when a.role = 'lead_creation' then a.weight end), 0.0) as lead_weight,
    coalesce(max(case when a.role = 'deal_creation' then a.weight end), 0.0) as deal_weight,
    coalesce(max(case when a.role = 'last' then a.weight end), 0.0) as last_weight,
    coalesce(max(case when a.role = 'middle' then a.weight end), 0.0) as middle_weight
  from agreement_custom_model as a
  where
    a.model = (
      select
        coalesce(
          max(case when b.model = $default_model then b.model end), min(b.model)
        ) as model
      from agreement_custom_model as b
    )
),
custom_role as (
  select
    o.first_weight, o.lead_weight, o.deal_weight, o.last_weight, o.middle_weight,
    o.first_weight + o.lead_weight + o.deal_weight + o.last_weight + o.middle_weight as total
  from own_model as o
),
model_role as (
  select
    '' as model, 0.0 as first_weight, 0.0 as lead_weight, 0.0 as deal_weight,
    0.0 as close_weight, 0.0 as last_weight, 0.0 as middle_weight
),
role_weight as (
  select
    m.model, m.first_weight, m.lead_weight, m.deal_weight, m.close_weight, m.last_weight,
    m.middle_weight
  from model_role as m
  union all
  select
    'custom' as model, c.first_weight, c.lead_weight, c.deal_weight, 0.0 as close_weight,
    c.last_weight, c.middle_weight
  from custom_role as c
  where c.total > 0
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
    u.unit_number, u.outcome, u.unit_kind, u.unit_id, u.deal_id, u.lead_id, u.account_id,
    u.cluster_id, u.people_rule, u.name, u.segment, u.region, u.persona, u.lead_type,
    u.owner_id, u.owner, u.pipeline, u.deal_kind, u.source, a.lookback_us, a.half_life_us,
    a.side as asked_side, a.from_day, a.to_day
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
    m.owner_id, m.owner, m.pipeline, m.deal_kind, m.source, m.half_life_us, m.asked_side
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
    u.unit_row, u.has_close,
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
    w.model, w.first_weight, w.lead_weight, w.deal_weight, w.close_weight, w.last_weight,
    w.middle_weight,
    p.unit_row, p.touches, p.lead_position, p.deal_position,
    case when w.first_weight > 0 then 1 else 0 end as use_first,
    case when w.lead_weight > 0 and p.lead_position is not null then 1 else 0 end as use_lead,
    case when w.deal_weight > 0 and p.deal_position is not null then 1 else 0 end as use_deal,
    case when w.close_weight > 0 then p.has_close else 0 end as use_close,
    case when w.last_weight > 0 then 1 else 0 end as use_last
  from placed as p
  cross join role_weight as w
),
own as (
  select
    r.model, r.unit_row, r.touches, r.first_weight, r.lead_weight, r.deal_weight,
    r.middle_weight, r.use_first, r.use_lead, r.use_deal,
    r.use_first + r.use_lead + r.use_deal + r.use_close + r.use_last as held,
    r.first_weight * (1 - r.use_first)
    + r.lead_weight * (1 - r.use_lead)
    + r.deal_weight * (1 - r.use_deal)
    + r.close_weight * (1 - r.use_close)
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
      when r.use_close + r.use_last = 0
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
    max(case s.model when 'each_outer' then s.first_share - s.step * s.use_first end)
      as each_outer_start,
    max(case s.model when 'each_outer' then s.step end) as each_outer_step,
    max(case s.model when 'each_inner' then s.first_share - s.step * s.use_first end)
      as each_inner_start,
    max(case s.model when 'each_inner' then s.step end) as each_inner_step,
    max(case s.model when 'each_inner' then s.lead_share - s.step * s.lead_alone end)
      as each_inner_lead,
    max(case s.model when 'each_inner' then s.deal_share - s.step * s.deal_alone end)
      as each_inner_deal
  from sloped as s
  group by s.unit_row
),
slopes as (
  select
    p.unit_row, p.before, p.touches, p.lead_position, p.deal_position, p.not_direct_position,
    coalesce(p.lead_position, p.touches + 1) as lead_from,
    coalesce(p.deal_position, p.touches + 1) as deal_from,
    p.amount,
    p.amount / nullif(p.touches, 0) as linear_step,
    s.each_outer_start, s.each_outer_step, s.each_inner_start, s.each_inner_step,
    s.each_inner_lead, s.each_inner_deal
  from placed as p
  inner join shaped as s on s.unit_row = p.unit_row
),
decayed as (
  select
    e.unit_row, e.running, e.touch_us, e.channel, e.raw_channel, e.campaign_id, e.kind, e.side,
    e.touch_id,
    power(2.0, (e.touch_us - p.last_us) / nullif(p.half_life_us, 0)) as decay
  from eligible as e
  inner join placed as p on p.unit_row = e.unit_row
),
summed as (
  select
    d.unit_row, d.running, d.touch_us, d.channel, d.raw_channel, d.campaign_id, d.kind, d.side,
    d.touch_id, d.decay,
    sum(d.decay) over (partition by d.unit_row) as decay_total,
    sum(d.decay) over (
      partition by d.unit_row
      order by d.running
      rows between unbounded preceding and current row
    ) as decay_sum
  from decayed as d
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
    e.decay, e.decay_total, e.decay_sum,
    s.linear_step, s.each_outer_start, s.each_outer_step, s.each_inner_start, s.each_inner_step,
    s.each_inner_lead, s.each_inner_deal
  from summed as e
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
      t.is_last * t.amount
      + (1 - t.is_last) * floor(t.amount * t.decay_sum / nullif(t.decay_total, 0) + 0.5000001)
      - (1 - t.is_first)
      * floor(t.amount * (t.decay_sum - t.decay) / nullif(t.decay_total, 0) + 0.5000001)
      as bigint
    ) as time_decay_credit,
    cast(
      t.is_last * t.amount + (1 - t.is_last)
      * floor(t.amount * (t.each_outer_start + t.each_outer_step * t.i) + 0.5000001)
      - (1 - t.is_first)
      * floor(t.amount * (t.each_outer_start + t.each_outer_step * (t.i - 1)) + 0.5000001)
      as bigint
    ) as each_outer_credit,
    cast(
      t.is_last * t.amount + (1 - t.is_last) * floor(
        t.amount * (
          t.each_inner_start + t.each_inner_step * t.i
          + t.each_inner_lead * t.lead_now + t.each_inner_deal * t.deal_now
        ) + 0.5000001
      )
      - (1 - t.is_first) * floor(
        t.amount * (
          t.each_inner_start + t.each_inner_step * (t.i - 1)
          + t.each_inner_lead * t.lead_before + t.each_inner_deal * t.deal_before
        ) + 0.5000001
      ) as bigint
    ) as each_inner_credit
  from steps as t
),
every_row as (
  select
    1 as is_attributed,
    c.unit_row, c.touch_us, c.channel, c.raw_channel, c.campaign_id, c.kind, c.side, c.touch_id,
    c.touches, c.position, c.lead_position, c.deal_position, c.not_direct_position,
    c.decay_share, c.each_rule_credit, c.custom_credit
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
    w.amount as each_rule_credit,
    case when o.total > 0 then w.amount end as custom_credit
  from worth as w
  cross join custom_role as o
  left join counted as c on c.unit_row = w.unit_row
  where c.unit_row is null
)
select
  w.measure, w.day, w.amount, w.outcome, w.anchor_us, r.is_attributed, r.touch_us, r.channel,
  r.raw_channel, r.campaign_id, r.kind, r.side, r.touch_id, r.touches, r.position,
  r.lead_position, r.deal_position, r.not_direct_position, r.decay_share, r.each_model_credit,
  w.unit_number, w.unit_kind, w.unit_id, w.deal_id, w.lead_id, w.account_id, w.cluster_id,
  w.people_rule, w.name, w.segment, w.region, w.persona, w.lead_type, w.owner_id, w.owner,
  w.pipeline, w.deal_kind, w.source
from every_row as r
inner join worth as w on w.unit_row = r.unit_row
