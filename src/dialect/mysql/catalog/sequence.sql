-- Each sequence keeps what it is in itself, so that MariaDB has to be told to ask them all. MySQL has none.
/*M! BEGIN NOT ATOMIC
  DECLARE definitions LONGTEXT;
  SELECT GROUP_CONCAT(CONCAT(
      'SELECT ', QUOTE(table_name), ' AS name, start_value, minimum_value, maximum_value, increment, cache_size,',
      ' cycle_option FROM `', REPLACE(table_name, '`', '``'), '`') ORDER BY table_name SEPARATOR ' UNION ALL ')
  INTO definitions
  FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE';
  IF definitions IS NOT NULL THEN
    EXECUTE IMMEDIATE definitions;
  END IF;
END */
/*!80000 SELECT NULL AS name FROM DUAL WHERE FALSE */
