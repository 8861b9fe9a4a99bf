-- The definer is not part of the picture, as other privileges are not. MySQL doesn't tell the algorithm, and its queries
-- don't tell what names the view gives its columns.
SELECT table_name,
       CAST(view_definition AS CHAR) AS query,
       IF(check_option = 'NONE', NULL, CAST(check_option AS CHAR)) AS check_option,
       IF(security_type = 'INVOKER', 'invoker', NULL) AS security,
       /*M! IF(algorithm = 'UNDEFINED', NULL, algorithm) */ /*!80000 NULL */ AS algorithm,
       /*M! NULL */ /*!80000 (
           SELECT GROUP_CONCAT(CONCAT('`', REPLACE(c.column_name, '`', '``'), '`')
                               ORDER BY c.ordinal_position SEPARATOR ', ')
           FROM information_schema.columns AS c
           WHERE c.table_schema = DATABASE() AND c.table_name = v.table_name
       ) */ AS columns,
       DATABASE()
FROM information_schema.views AS v
WHERE table_schema = DATABASE()
ORDER BY table_name
