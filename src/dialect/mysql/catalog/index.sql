-- A row for each key. MariaDB has no keys that are expressions.
SELECT table_name,
       index_name,
       seq_in_index,
       column_name,
       /*!80013 COALESCE(CAST(expression AS CHAR), */ NULL /*!80013 ) */ AS expression,
       IF(non_unique = 0, 'unique', NULL) AS uniqueness,
       sub_part,
       IF(collation = 'D', 'descending', NULL) AS direction,
       index_type,
       NULLIF(CAST(index_comment AS CHAR), '') AS comment,
       /*!80000 IF(is_visible = 'NO', 'invisible', */ /*M! IF(ignored = 'YES', 'invisible', */ NULL) AS visibility
FROM information_schema.statistics
WHERE table_schema = DATABASE()
  AND LEFT(table_name, 17) <> 'schemactl_journal'
  AND LEFT(table_name, 18) <> 'schemactl_observed'
ORDER BY table_name, index_name, seq_in_index
