-- Extended statistics, with the target of each.
SELECT pg_catalog.format('%I.%I', n.nspname, s.stxname), 'statistics', n.nspname::text, s.stxname::text, NULL,
       pg_catalog.concat(
           -- The server puts the namespace in front of the name in any case.
           'CREATE STATISTICS ', n.prefix, pg_catalog.substr(pg_catalog.pg_get_statisticsobjdef(s.oid),
               pg_catalog.length(pg_catalog.format('CREATE STATISTICS %I.', n.nspname)) + 1),
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
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = s.stxrelid)
