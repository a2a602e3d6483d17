-- question: which won revenue does the agreed model credit to which touch, and at which margin?
-- grain: one row per won deal and touch that counts
-- parameters: $default_model
-- The ledger of the agreement's own model at its own settings; what has no touch is not in it. The
-- margin is that of the day of the close. Empty under a model by key, which credits no touches.
with own as (
  select
    coalesce(max(case when a.model = $default_model then a.model end), min(a.model)) as model
  from agreement_custom_model as a
),
credited as (
  select
    c.deal_id,
    c.touch_id,
    c.day,
    case $default_model
      when 'each_rule' then c.each_rule_credit
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
