SELECT trigger_name,
       event_object_table,
       CAST(action_timing AS CHAR) AS timing,
       CAST(event_manipulation AS CHAR) AS event,
       action_order,
       CAST(action_statement AS CHAR) AS body,
       CAST(sql_mode AS CHAR) AS sql_mode
FROM information_schema.triggers
WHERE trigger_schema = DATABASE()
ORDER BY event_object_table, timing, event, action_order
