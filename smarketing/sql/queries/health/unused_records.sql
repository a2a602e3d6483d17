-- question: which files hold the records that were not used for a reason?
-- grain: one row per file and import
-- parameters: $source, $reason
select u.source, u.file, u.reason, u.rows, u.import_id
from file_unused as u
where u.source = $source and u.reason = $reason and u.rows > 0
order by u.file, u.import_id
