-- A row for each column. The two ways to refuse are one to InnoDB, and which of them stands where nothing was written
-- differs between the products. The limits keep the servers from asking one view again for each row of the other.
SELECT k.table_name,
       k.constraint_name,
       k.ordinal_position,
       k.column_name,
       IF(k.referenced_table_schema = DATABASE(), NULL, k.referenced_table_schema) AS referenced_database,
       k.referenced_table_name,
       k.referenced_column_name,
       IF(r.delete_rule IN ('NO ACTION', 'RESTRICT'), NULL, CAST(r.delete_rule AS CHAR)) AS on_delete,
       IF(r.update_rule IN ('NO ACTION', 'RESTRICT'), NULL, CAST(r.update_rule AS CHAR)) AS on_update
FROM (
    SELECT table_name, constraint_name, ordinal_position, column_name, referenced_table_schema, referenced_table_name,
           referenced_column_name
    FROM information_schema.key_column_usage
    WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
    LIMIT 1000000000
) AS k
JOIN (
    SELECT table_name, constraint_name, delete_rule, update_rule
    FROM information_schema.referential_constraints
    WHERE constraint_schema = DATABASE()
    LIMIT 1000000000
) AS r ON r.table_name = k.table_name AND r.constraint_name = k.constraint_name
ORDER BY k.table_name, k.constraint_name, k.ordinal_position
