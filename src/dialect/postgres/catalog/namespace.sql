-- The comment that the server gives to `public` says nothing.
SELECT n.nspname AS name,
       CASE WHEN comment.description NOT ILIKE 'standard public schema' THEN comment.description END AS comment
FROM pg_catalog.pg_namespace AS n
LEFT JOIN pg_catalog.pg_description AS comment
    ON comment.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND comment.objoid = n.oid
WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
  AND n.oid NOT IN (
      SELECT d.objid FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C"
