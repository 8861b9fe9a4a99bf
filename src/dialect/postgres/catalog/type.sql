SELECT pg_catalog.format('%I.%I', n.nspname, t.typname) AS name,
       CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'composite' END AS kind,
       CASE t.typtype
           WHEN 'e' THEN (
               SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
               FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid)
           WHEN 'd' THEN pg_catalog.concat_ws(' ',
               pg_catalog.format_type(t.typbasetype, t.typtypmod),
               CASE WHEN t.typnotnull THEN 'NOT NULL' END,
               'DEFAULT ' || t.typdefault,
               (SELECT pg_catalog.string_agg(
                    pg_catalog.format('CONSTRAINT %I %s', c.conname, pg_catalog.pg_get_constraintdef(c.oid)),
                    ' ' ORDER BY c.conname COLLATE "C")
                FROM pg_catalog.pg_constraint AS c WHERE c.contypid = t.oid AND c.contype = 'c'))
           WHEN 'r' THEN (
               SELECT pg_catalog.format_type(r.rngsubtype, NULL) FROM pg_catalog.pg_range AS r
               WHERE r.rngtypid = t.oid)
           ELSE (
               SELECT pg_catalog.string_agg(
                   pg_catalog.format('%I %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)),
                   ', ' ORDER BY a.attnum)
               FROM pg_catalog.pg_attribute AS a
               WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
       END AS definition,
       pg_catalog.obj_description(t.oid, 'pg_type') AS comment
FROM pg_catalog.pg_type AS t
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"
