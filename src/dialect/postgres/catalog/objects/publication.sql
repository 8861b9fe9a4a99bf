-- Replication, which concerns more than one database. Where a subscription connects to is a secret.
SELECT pg_catalog.quote_ident(p.pubname), 'publication', NULL, p.pubname::text, NULL,
       pg_catalog.concat_ws(E'\n',
           CASE WHEN p.puballtables THEN 'all tables' END,
           CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
           CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END,
           CASE WHEN NOT p.puballtables THEN (
               SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ',
                          pg_catalog.format('%I.%I', t.schemaname, t.tablename), cells.it ->> 'attnames',
                          cells.it ->> 'rowfilter'), E'\n' ORDER BY t.schemaname COLLATE "C", t.tablename COLLATE "C")
               FROM pg_catalog.pg_publication_tables AS t
               CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(t) AS it) AS cells
               WHERE t.pubname = p.pubname) END,
           pg_catalog.obj_description(p.oid, 'pg_publication')),
       '', 'is part of replication, which is set up outside of the schema'
FROM pg_catalog.pg_publication AS p
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_publication'::regclass AND m.objid = p.oid)
UNION ALL
SELECT pg_catalog.quote_ident(s.subname), 'subscription', NULL, s.subname, NULL,
       pg_catalog.concat_ws(E'\n', CASE WHEN s.subenabled THEN 'enabled' ELSE 'disabled' END,
           pg_catalog.array_to_string(s.subpublications, ', ')),
       '', 'is part of replication, which is set up outside of the schema'
FROM pg_catalog.pg_subscription AS s
WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
