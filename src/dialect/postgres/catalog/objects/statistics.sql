-- Extended statistics, with the target of each. Their columns are in the order of their names, which the server doesn't
-- keep: it has them in the order of the table.
SELECT pg_catalog.format('%I.%I', n.nspname, s.stxname), 'statistics', n.nspname::text, s.stxname::text, NULL,
       pg_catalog.concat(
           -- The server puts the namespace in front of the name in any case.
           'CREATE STATISTICS ', n.prefix, pg_catalog.replace(
               pg_catalog.substr(pg_catalog.pg_get_statisticsobjdef(s.oid),
                   pg_catalog.length(pg_catalog.format('CREATE STATISTICS %I.', n.nspname)) + 1),
               ' ON ' || columns.in_table, ' ON ' || columns.by_name),
           pg_catalog.format(E';\nALTER STATISTICS %s SET STATISTICS ', name.written)
               || nullif((SELECT stxstattarget FROM pg_catalog.pg_statistic_ext AS i WHERE i.oid = s.oid), -1),
           pg_catalog.format(E';\nCOMMENT ON STATISTICS %s IS ', name.written)
               || pg_catalog.quote_literal(pg_catalog.obj_description(s.oid, 'pg_statistic_ext'))),
       'DROP STATISTICS ' || name.written,
       NULL
FROM pg_catalog.pg_statistic_ext AS s
-- Before PostgreSQL 13 there is no such column.
CROSS JOIN (SELECT -1 AS stxstattarget) AS older
JOIN space AS n ON n.oid = s.stxnamespace
CROSS JOIN LATERAL (
    SELECT CASE WHEN pg_catalog.pg_statistics_obj_is_visible(s.oid) THEN pg_catalog.quote_ident(s.stxname)
                ELSE pg_catalog.format('%I.%I', n.nspname, s.stxname) END AS written) AS name
CROSS JOIN LATERAL (
    SELECT coalesce(pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum), '') AS in_table,
           coalesce(pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C"), '')
               AS by_name
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) AS columns
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = s.stxrelid)
