SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
       pg_catalog.concat_ws(' ', pg_catalog.format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment',
           s.seqincrement, 'from', s.seqmin, 'to', s.seqmax, 'cache', s.seqcache, CASE WHEN s.seqcycle THEN 'cycle' END)
           AS definition,
       (SELECT pg_catalog.format('%s.%I', d.refobjid::regclass, a.attname)
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a'
          AND d.refclassid = 'pg_catalog.pg_class'::regclass) AS owned_by,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment
FROM pg_catalog.pg_sequence AS s
JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
