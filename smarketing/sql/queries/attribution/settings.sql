-- question: with which attribution settings was this build made?
-- grain: one row per setting
-- parameters: none
select
  s.name,
  s.value,
  s.number
from agreement_setting as s
