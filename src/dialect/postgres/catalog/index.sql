SELECT pg_catalog.format('%I.%I', n.nspname, i.relname) AS name,
       pg_catalog.pg_get_indexdef(x.indexrelid) AS definition,
       CASE WHEN NOT x.indisvalid THEN 'not valid' END AS validity,
       (SELECT pg_catalog.string_agg(o, ', ' ORDER BY o COLLATE "C")
        FROM pg_catalog.unnest(i.reloptions) AS o) AS options,
       pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_catalog.pg_index AS x
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND c.relname NOT IN ('schemactl_journal', 'schemactl_observed') AND c.relkind IN ('r', 'p', 'm')
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_constraint AS k
      WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = x.indexrelid)
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", i.relname COLLATE "C"
