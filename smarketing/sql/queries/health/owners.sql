-- question: which owners of leads and deals are no member of any team?
-- grain: one row per owner
-- parameters: none
with owned as (
  select l.owner_id, l.source, 1 as leads, 0 as deals from dim_lead as l
  where l.owner_id is not null
  union all
  select d.owner_id, d.source, 0 as leads, 1 as deals from fct_deal as d
  where d.owner_id is not null
)
select
  o.owner_id,
  o.source,
  sum(o.leads) as leads,
  sum(o.deals) as deals,
  count(*) as records
from owned as o
left join member as m on m.member_id = o.owner_id
where m.member_id is null
group by o.owner_id, o.source
order by records desc, o.owner_id, o.source
