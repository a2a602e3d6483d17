-- from: contacts
-- When did a lead become an MQL, an SQL …? HubSpot keeps the date of each lifecycle stage, which
-- counts where the whole history is not there.
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as lead_id,
  s.stage,
  case s.stage
    when 'lead' then c.hs_lifecyclestage_lead_date
    when 'marketingqualifiedlead' then c.hs_lifecyclestage_marketingqualifiedlead_date
    when 'salesqualifiedlead' then c.hs_lifecyclestage_salesqualifiedlead_date
    when 'opportunity' then c.hs_lifecyclestage_opportunity_date
    else c.hs_lifecyclestage_customer_date
  end as entered_at
from contacts c
cross join (
  values ('lead'), ('marketingqualifiedlead'), ('salesqualifiedlead'), ('opportunity'), ('customer')
) s(stage)
where entered_at is not null and c.stage_history is null
