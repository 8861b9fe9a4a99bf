-- MySQL knows the table of a check by its name, which is one in the database. On MariaDB a check can belong to a column.
-- The limits keep MySQL from asking one view again for each row of the other.
SELECT c.table_name,
       c.constraint_name,
       c.expression,
       c.enforcement,
       c.level
/*!80016 FROM (
    SELECT t.table_name, e.constraint_name, e.expression, t.enforcement, NULL AS level
    FROM (
        SELECT constraint_name, CAST(check_clause AS CHAR) AS expression
        FROM information_schema.check_constraints
        WHERE constraint_schema = DATABASE()
        LIMIT 1000000000
    ) AS e
    JOIN (
        SELECT table_name, constraint_name, IF(enforced = 'NO', 'not enforced', NULL) AS enforcement
        FROM information_schema.table_constraints
        WHERE constraint_schema = DATABASE() AND constraint_type = 'CHECK'
        LIMIT 1000000000
    ) AS t ON t.constraint_name = e.constraint_name
) AS c */
/*M! FROM (
    SELECT table_name, constraint_name, check_clause AS expression, NULL AS enforcement,
           IF(level = 'Column', 'column', NULL) AS level
    FROM information_schema.check_constraints
    WHERE constraint_schema = DATABASE()
) AS c */
WHERE LEFT(c.table_name, 17) <> 'schemactl_journal'
  AND LEFT(c.table_name, 18) <> 'schemactl_observed'
ORDER BY c.table_name, c.constraint_name
