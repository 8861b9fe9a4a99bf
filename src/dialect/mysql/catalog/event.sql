-- The start of an event that repeats is the moment of its creation unless one is given.
SELECT event_name,
       event_type,
       CAST(execute_at AS CHAR) AS execute_at,
       CAST(interval_value AS CHAR) AS every,
       CAST(interval_field AS CHAR) AS unit,
       IF(ABS(TIMESTAMPDIFF(SECOND, starts, created)) <= 1, NULL, CAST(starts AS CHAR)) AS starts,
       CAST(ends AS CHAR) AS ends,
       status,
       on_completion,
       NULLIF(event_comment, '') AS comment,
       CAST(event_definition AS CHAR) AS body,
       CAST(sql_mode AS CHAR) AS sql_mode
FROM information_schema.events
WHERE event_schema = DATABASE()
ORDER BY event_name
