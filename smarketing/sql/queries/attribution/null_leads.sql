-- question: which leads are old enough to be judged and have carried no deal?
-- grain: one row per lead
-- parameters: none
with scope as (
  select w.lead_number, w.followed_days
  from lead_won as w
)

select k.lead_id
from scope as s
inner join lead_key as k on k.lead_number = s.lead_number
left join (
  select d.carrier_lead_id
  from fct_deal as d
  where d.carrier_lead_id is not null
  group by d.carrier_lead_id
) as c on c.carrier_lead_id = k.lead_id
cross join lead_window as x
where s.followed_days >= x.window_days and c.carrier_lead_id is null
order by k.lead_id
