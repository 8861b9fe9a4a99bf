SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attnotnull THEN 'NOT NULL' END AS nullability,
       CASE WHEN a.attcollation <> t.typcollation THEN (
           SELECT pg_catalog.format('%I.%I', cn.nspname, co.collname)
           FROM pg_catalog.pg_collation AS co
           JOIN pg_catalog.pg_namespace AS cn ON cn.oid = co.collnamespace
           WHERE co.oid = a.attcollation) END AS collation,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
       -- PostgreSQL 11 doesn't have this column: there, the name is found one level further out.
       (SELECT CASE attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END
        FROM pg_catalog.pg_attribute AS g
        WHERE g.attrelid = a.attrelid AND g.attnum = a.attnum) AS generated,
       CASE a.attidentity
           WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
       (SELECT pg_catalog.concat_ws(' ', pg_catalog.format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment',
               s.seqincrement, 'from', s.seqmin, 'to', s.seqmax, 'cache', s.seqcache,
               CASE WHEN s.seqcycle THEN 'cycle' END)
        FROM pg_catalog.pg_depend AS sd
        JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = sd.objid
        WHERE sd.classid = 'pg_catalog.pg_class'::regclass AND sd.refclassid = 'pg_catalog.pg_class'::regclass
          AND sd.refobjid = c.oid AND sd.refobjsubid = a.attnum AND sd.deptype = 'i') AS sequence,
       pg_catalog.col_description(c.oid, a.attnum) AS comment
FROM pg_catalog.pg_attribute AS a
CROSS JOIN (SELECT ''::"char" AS attgenerated) AS older
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND c.relname NOT IN ('schemactl_journal', 'schemactl_observed')
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS e
      WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attname COLLATE "C"
