-- What a function returns is its parameter 0.
SELECT CAST(routine_type AS CHAR) AS type,
       specific_name,
       ordinal_position,
       IF(routine_type = 'FUNCTION', NULL, parameter_mode) AS mode,
       parameter_name,
       CAST(dtd_identifier AS CHAR) AS data_type,
       character_set_name,
       collation_name
FROM information_schema.parameters
WHERE specific_schema = DATABASE()
ORDER BY type, specific_name, ordinal_position
