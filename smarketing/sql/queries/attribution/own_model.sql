-- question: (stands in for the CTE `own_model` of fct_credit) which role has which weight?
-- grain: one row, of the one model of the agreement's own that is asked for; all 0 where none is
-- parameters: $custom_first, $custom_lead, $custom_deal, $custom_last, $custom_middle
select
  $custom_first as first_weight,
  $custom_lead as lead_weight,
  $custom_deal as deal_weight,
  $custom_last as last_weight,
  $custom_middle as middle_weight
