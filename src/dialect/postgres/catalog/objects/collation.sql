-- Collations. Which cells say what they are made of differs by the server's version.
SELECT pg_catalog.format('%I.%I', n.nspname, l.collname), 'collation', n.nspname::text, l.collname::text, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE COLLATION %s%I (', n.prefix, l.collname),
           CASE l.collprovider WHEN 'i' THEN 'PROVIDER = icu, ' WHEN 'b' THEN 'PROVIDER = builtin, ' END,
           CASE WHEN l.collprovider <> 'c' THEN 'LOCALE = ' || pg_catalog.quote_literal(coalesce(
                    it.cells ->> 'colllocale', it.cells ->> 'colliculocale', it.cells ->> 'collcollate'))
                WHEN l.collcollate = l.collctype THEN 'LOCALE = ' || pg_catalog.quote_literal(l.collcollate)
                ELSE pg_catalog.format('LC_COLLATE = %L, LC_CTYPE = %L', l.collcollate, l.collctype) END,
           CASE WHEN it.cells ->> 'collisdeterministic' = 'false' THEN ', DETERMINISTIC = false' END,
           ', RULES = ' || pg_catalog.quote_literal(it.cells ->> 'collicurules'),
           ')',
           pg_catalog.format(E';\nCOMMENT ON COLLATION %s IS ', name.written)
               || pg_catalog.quote_literal(pg_catalog.obj_description(l.oid, 'pg_collation'))),
       'DROP COLLATION ' || name.written,
       NULL
FROM pg_catalog.pg_collation AS l
JOIN space AS n ON n.oid = l.collnamespace
CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(l) AS cells) AS it
CROSS JOIN LATERAL (
    SELECT CASE WHEN pg_catalog.pg_collation_is_visible(l.oid) THEN pg_catalog.quote_ident(l.collname)
                ELSE pg_catalog.format('%I.%I', n.nspname, l.collname) END AS written) AS name
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_collation'::regclass AND m.objid = l.oid)
