-- from: deal_stage_event
-- When did a deal enter each stage, worth how much? Columns as they are.
select
  d._row,
  d._file_id,
  d.modified_at as _modified,
  d.deal_id,
  d.stage,
  d.entered_at,
  d.amount,
  d.currency
from deal_stage_event d
