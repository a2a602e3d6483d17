/* question: how old are the touches of each channel, by local weekday? */
/* grain: one row per member and weekday */
WITH scope AS (
  SELECT
    COALESCE(CAST(t.channel AS STRING), '(unknown)') AS key,
    t.weekday,
    TO_DATE(FROM_UTC_TIMESTAMP(CAST(t.occurred_at AS TIMESTAMP), 'Europe/Berlin')) AS day,
    (
      (
        UNIX_MICROS(CAST('2026-07-01 12:00:00' AS TIMESTAMP)) - UNIX_MICROS(t.occurred_at)
      ) / CAST(1000000.0 AS DOUBLE)
    ) / CAST(86400.0 AS DOUBLE) AS age_days
  FROM fct_touch AS t
  WHERE
    (
      (
        t.occurred_day >= CAST('2026-01-01' AS DATE) AND t.kind IN ('form', 'visit')
      )
      AND COALESCE(CAST(t.campaign_id AS STRING), '(unknown)') IN ('c1', 'c2')
    )
    AND COALESCE(CAST(t.segment AS STRING), '(unknown)') IN ('(unknown)')
)
SELECT
  key,
  weekday,
  COUNT(*) AS touches,
  COUNT(DISTINCT day) AS days,
  AVG(age_days) AS age_days
FROM scope
GROUP BY
  key,
  weekday
ORDER BY
  key NULLS LAST,
  weekday NULLS LAST
