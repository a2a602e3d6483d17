-- question: what did each touch earn from the deals of one account, deal, lead or person?
-- grain: one row per touch and measure, at the agreed settings
-- parameters: $unit_kind, $unit_id
with deals as (
  select d.deal_id
  from fct_deal as d
  where ($unit_kind = 'deal' and d.deal_id = $unit_id)
    or ($unit_kind = 'account' and d.account_id = $unit_id)
    or ($unit_kind = 'lead' and d.carrier_lead_id = $unit_id)
    or (
      $unit_kind = 'person'
      and (d.carrier_person_id = $unit_id or d.primary_person_id = $unit_id)
    )
)
select
  c.measure,
  c.touch_id,
  count(*) as deals,
  sum(c.each_model_credit) as each_model_credit
from fct_credit as c
inner join deals as d on d.deal_id = c.deal_id
where c.is_attributed = 1 and c.measure in ('revenue', 'pipeline')
group by c.measure, c.touch_id
