-- Plain tables: partitions, children, foreign tables and tables of a type are objects.
SELECT n.nspname AS namespace,
       c.relname AS name,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged' END AS persistence,
       CASE WHEN c.reloptions IS NOT NULL THEN
           (SELECT pg_catalog.json_agg(o ORDER BY o COLLATE "C") FROM pg_catalog.unnest(c.reloptions) AS o) END AS options,
       CASE WHEN toast.reloptions IS NOT NULL THEN
           (SELECT pg_catalog.json_agg(o ORDER BY o COLLATE "C") FROM pg_catalog.unnest(toast.reloptions) AS o) END AS toast_options,
       c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS forced_row_security,
       CASE c.relreplident
           WHEN 'd' THEN NULL WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL' ELSE (
               SELECT 'USING INDEX ' || pg_catalog.quote_ident(i.relname)
               FROM pg_catalog.pg_index AS x
               JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
               WHERE x.indrelid = c.oid AND x.indisreplident) END AS replica_identity,
       clustered.name AS clustered_on,
       CASE WHEN method.amname <> 'heap' THEN method.amname END AS method,
       (SELECT t.spcname FROM pg_catalog.pg_tablespace AS t WHERE t.oid = c.reltablespace) AS tablespace,
       comment.description AS comment
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class AS toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
LEFT JOIN pg_catalog.pg_am AS method ON method.oid = c.relam
LEFT JOIN (
    SELECT x.indrelid, pg_catalog.quote_ident(i.relname) AS name
    FROM pg_catalog.pg_index AS x
    JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
    WHERE x.indisclustered) AS clustered ON clustered.indrelid = c.oid
LEFT JOIN pg_catalog.pg_description AS comment
    ON comment.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND comment.objoid = c.oid AND comment.objsubid = 0
WHERE c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0
  AND c.oid NOT IN (SELECT h.inhrelid FROM pg_catalog.pg_inherits AS h)
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
  AND c.relname NOT LIKE 'schemactl\_journal%' AND c.relname NOT LIKE 'schemactl\_observed%'
  AND c.oid NOT IN (
      SELECT d.objid FROM pg_catalog.pg_depend AS d
      WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
        AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
