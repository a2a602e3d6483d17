-- question: which handed-over leads are in no rate, since nothing is known of how their source's fared?
-- grain: one row per source of leads and obligation, where another source's leads are in the rate
-- parameters: none
with obligations as (
  select
    h.source,
    'response' as obligation,
    h.response_status as status
  from fct_handoff as h
  union all
  select
    h.source,
    'decision' as obligation,
    h.decision_status as status
  from fct_handoff as h
),

counted as (
  select
    o.source,
    o.obligation,
    count(*) as records,
    count(o.status) as known,
    sum(count(o.status)) over (partition by o.obligation) as known_anywhere
  from obligations as o
  group by o.source, o.obligation
)

select c.source, c.obligation, c.records
from counted as c
where c.known = 0 and c.known_anywhere > 0
order by c.records desc, c.source, c.obligation
