-- Materialized views with their indexes, filled or not.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), 'materialized view', n.nspname::text, c.relname::text, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE MATERIALIZED VIEW %s%I', n.prefix, c.relname),
           (SELECT pg_catalog.format(' USING %I', a.amname) FROM pg_catalog.pg_am AS a
            WHERE a.oid = c.relam AND a.amname <> 'heap'),
           (SELECT pg_catalog.format(' WITH (%s)', pg_catalog.string_agg(
                pg_catalog.format('%s=%L', o.option_name, o.option_value), ', ' ORDER BY o.option_name COLLATE "C"))
            FROM pg_catalog.pg_options_to_table(c.reloptions) AS o HAVING pg_catalog.count(*) > 0),
           E' AS\n', pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid, true), ';'),
           CASE WHEN NOT c.relispopulated THEN E'\n WITH NO DATA' END,
           (SELECT pg_catalog.string_agg(
                pg_catalog.concat(
                    E';\n', pg_catalog.pg_get_indexdef(x.indexrelid, 0, true),
                    CASE WHEN x.indisclustered THEN
                        pg_catalog.format(E';\nALTER MATERIALIZED VIEW %s CLUSTER ON %I', c.oid::regclass, i.relname) END,
                    pg_catalog.format(E';\nCOMMENT ON INDEX %s IS ', i.oid::regclass)
                        || pg_catalog.quote_literal(pg_catalog.obj_description(i.oid, 'pg_class'))),
                '' ORDER BY i.relname COLLATE "C")
            FROM pg_catalog.pg_index AS x
            JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
            WHERE x.indrelid = c.oid),
           (SELECT pg_catalog.string_agg(
                pg_catalog.concat(
                    pg_catalog.format(E';\nALTER MATERIALIZED VIEW %s ALTER COLUMN %I SET STATISTICS ', c.oid::regclass,
                        a.attname) || nullif(a.attstattarget, -1),
                    pg_catalog.format(E';\nCOMMENT ON COLUMN %s.%I IS ', c.oid::regclass, a.attname)
                        || pg_catalog.quote_literal(pg_catalog.col_description(c.oid, a.attnum))),
                '' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0),
           pg_catalog.format(E';\nCOMMENT ON MATERIALIZED VIEW %s IS ', c.oid::regclass)
               || pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_class'))),
       'DROP MATERIALIZED VIEW ' || c.oid::regclass,
       NULL
FROM pg_catalog.pg_class AS c
JOIN space AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'm'
  AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
