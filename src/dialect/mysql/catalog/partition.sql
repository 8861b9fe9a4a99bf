-- A row for each partition, or for each part of it.
SELECT table_name,
       partition_ordinal_position,
       subpartition_ordinal_position,
       partition_name,
       subpartition_name,
       partition_method,
       subpartition_method,
       CAST(partition_expression AS CHAR) AS expression,
       CAST(subpartition_expression AS CHAR) AS part_expression,
       CAST(partition_description AS CHAR) AS description,
       NULLIF(CAST(partition_comment AS CHAR), '') AS comment
FROM information_schema.partitions
WHERE table_schema = DATABASE()
  AND partition_name IS NOT NULL
ORDER BY table_name, partition_ordinal_position, subpartition_ordinal_position
