-- The definer is not part of the picture, as other privileges are not. MySQL doesn't tell the algorithm.
SELECT table_name,
       CAST(view_definition AS CHAR) AS query,
       IF(check_option = 'NONE', NULL, CAST(check_option AS CHAR)) AS check_option,
       IF(security_type = 'INVOKER', 'invoker', NULL) AS security,
       /*M! IF(algorithm = 'UNDEFINED', NULL, algorithm) */ /*!80000 NULL */ AS algorithm,
       DATABASE()
FROM information_schema.views
WHERE table_schema = DATABASE()
ORDER BY table_name
