/* question: how old are the touches of each channel, by local weekday? */
/* grain: one row per member and weekday */
WITH scope AS (
  SELECT
    COALESCE(CAST(t.channel AS TEXT), '(unknown)') AS key,
    t.weekday,
    CAST(TIMEZONE('Europe/Berlin', MAKE_TIMESTAMPTZ(EPOCH_US(t.occurred_at))) AS DATE) AS day,
    (
      (
        EPOCH_US(CAST('2026-07-01 12:00:00' AS TIMESTAMP)) - EPOCH_US(t.occurred_at)
      ) / 1000000.0
    ) / 86400.0 AS age_days
  FROM fct_touch AS t
  WHERE
    (
      (
        t.occurred_day >= CAST('2026-01-01' AS DATE) AND t.kind IN ('form', 'visit')
      )
      AND COALESCE(CAST(t.campaign_id AS TEXT), '(unknown)') IN ('c1', 'c2')
    )
    AND COALESCE(CAST(t.segment AS TEXT), '(unknown)') IN ('(unknown)')
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
  key,
  weekday
