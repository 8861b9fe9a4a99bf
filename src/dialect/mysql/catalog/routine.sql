SELECT CAST(routine_type AS CHAR) AS type,
       routine_name,
       CAST(routine_definition AS CHAR) AS body,
       IF(is_deterministic = 'YES', 'deterministic', NULL) AS determinism,
       CAST(sql_data_access AS CHAR) AS access,
       IF(security_type = 'INVOKER', 'invoker', NULL) AS security,
       NULLIF(CAST(routine_comment AS CHAR), '') AS comment,
       IF(routine_body = 'SQL', NULL, COALESCE(external_language, 'EXTERNAL')) AS language,
       CAST(sql_mode AS CHAR) AS sql_mode
FROM information_schema.routines
WHERE routine_schema = DATABASE()
ORDER BY type, routine_name
