-- Views have a query of their own. Counters and sizes are rows' business, and stale at that.
SELECT table_name,
       CAST(table_type AS CHAR) AS type,
       engine,
       table_collation,
       NULLIF(create_options, '') AS options,
       NULLIF(CAST(table_comment AS CHAR), '') AS comment
FROM information_schema.tables
WHERE table_schema = DATABASE()
  AND table_type NOT IN ('VIEW', 'SYSTEM VIEW')
  AND LEFT(table_name, 17) <> 'schemactl_journal'
  AND LEFT(table_name, 18) <> 'schemactl_observed'
ORDER BY table_name
