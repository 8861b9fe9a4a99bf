-- Periods and histories are in no view of MariaDB 10.11, so that it is asked for the text of each table that may have one:
-- a period is checked to begin before it ends. MySQL has neither.
/*M! BEGIN NOT ATOMIC
  FOR found IN (
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_type = 'SYSTEM VERSIONED'
    UNION
    SELECT table_name FROM information_schema.check_constraints
    WHERE constraint_schema = DATABASE() AND level = 'Table'
      AND check_clause REGEXP '^`([^`]|``)+` < `([^`]|``)+`$'
    ORDER BY 1
  ) DO
    EXECUTE IMMEDIATE CONCAT('SHOW CREATE TABLE `', REPLACE(found.table_name, '`', '``'), '`');
  END FOR;
END */
/*!80000 SELECT NULL AS name FROM DUAL WHERE FALSE */
