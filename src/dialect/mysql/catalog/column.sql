-- The columns of a table come in its order, which is not compared. Those of views follow from their queries. The last
-- cell is for whoever reads the others: names in expressions are printed with the database's.
SELECT table_name,
       column_name,
       CAST(column_type AS CHAR) AS type,
       IF(is_nullable = 'NO', 'not null', NULL) AS nullability,
       CAST(column_default AS CHAR) AS default_value,
       NULLIF(extra, '') AS extra,
       NULLIF(CAST(generation_expression AS CHAR), '') AS expression,
       collation_name,
       NULLIF(CAST(column_comment AS CHAR), '') AS comment,
       /*!80003 COALESCE(srs_id, */ NULL /*!80003 ) */ AS srid,
       DATABASE()
FROM information_schema.columns
WHERE table_schema = DATABASE()
  AND table_name IN (
      SELECT t.table_name FROM information_schema.tables AS t
      WHERE t.table_schema = DATABASE() AND t.table_type NOT IN ('VIEW', 'SYSTEM VIEW', 'SEQUENCE'))
  AND LEFT(table_name, 17) <> 'schemactl_journal'
  AND LEFT(table_name, 18) <> 'schemactl_observed'
ORDER BY table_name, ordinal_position
