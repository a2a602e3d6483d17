-- Of rows that go to quarantine alone: the engine takes as long to learn it as twenty other macros.

-- Why a text is no date: far off, a spreadsheet's count of days, or none at all (plain).
create or replace temp macro unread_time(x, plain, far) as
  case
    when regexp_full_match(x, '[2-6]\d{4}([.,]\d+)?') then
      'a spreadsheet''s number of days (' || cast(date '1899-12-30' + cast(left(x, 5) as integer) as varchar)
      || ' if counted from 1900): format the column as a date and export it again'
    when regexp_full_match(x, '(?i)[\d.,]+E\+\d+') then
      'a time that a spreadsheet rounded: format the column as text and export it again'
    when regexp_full_match(x, '(?i)\d{4}[\s-]?W\d{1,2}|(week|kw|wk|w|semaine|semana|settimana|woche|vecka|uge|uke)\.?\s?\d{1,2}\b.*')
      or regexp_full_match(x, '(?i)S(0\d|[1-5]\d)[\s/-]*20\d\d|20\d\d[\s/-]*(S(0\d|[1-5]\d)|KW\s?\d{1,2})')
      then 'a week, and no day of it: export it by day, or with a column for the first day and one for the last'
    when regexp_full_match(x, '(?i)[QTHS][1-4][\s''/-]*\d{2,4}|\d{4}[\s/-]*[QTHS][1-4]|[1-4]\.?\s?(?:[QTHS]|quartal|quarter|trimestre|kvartal)[\s''/-]*\d{2,4}')
      then 'no day with a year but several months: export it by day, or with a column for the first day and one for the last'
    when regexp_full_match(x, '(19|20)\d\d')
      or regexp_full_match(x, '\d{4}[-/.](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.]\d{4}|20\d\d(0[1-9]|1[0-2])|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]')
      or regexp_full_match(x, '\p{L}{3,12}[.]?[\s-]+''?(\d{2}|\d{4})|(\d{1,2}|\d{4})\.?[\s-]+\p{L}{3,12}\.?|\d{1,2}[/.]\d{1,2}\.?')
      then 'no day with a year: format the column as a date with day, month and year, and export it again'
    when regexp_matches(x, ':\d\d\S*(\s+[AaPp]\.?[Mm]\.?)?\s+\(?[A-Z][A-Za-z_]{2,}') then
      'a time of a zone by its name, which may be of several: export it with an offset (+01:00) or in UTC'
    when regexp_matches(x, '\d.*(\s[-–—]\s|\s(to|bis|au|al|until|до|do|t/m)\s).*\d|\d{4}-\d\d-\d\d/\d|^\d{1,2}\.?\s?[-–—]\s?\d{1,2}\.?[\s.]') then
      'several days: export it by day, or with a column for the first and one for the last'
    when regexp_matches(lower(x), '\b(ago|yesterday|today|tomorrow|now|gestern|heute|morgen|hier|ayer|hoy|ieri|oggi|ontem|hoje|gisteren|vandaag)\b') then
      'told from the day of the export: export it as a date'
    when regexp_matches(x, '[令平昭大]和?成?\s?\d+年|[民]\s?[國国]|\bR\d{1,2}\.|\b(2[45]\d\d|1[34]\d\d|57\d\d)\b|[۰-۹]{4}|[๐-๙]{4}') then
      'in a year of another calendar: export it in the Gregorian one'
    when year(try_cast(left(x, 10) as date)) not between 1900 and 2199 then far
    else plain
  end;
