-- Extensions but for those that every database has. What belongs to one comes and goes with it.
SELECT pg_catalog.quote_ident(e.extname), 'extension', NULL, e.extname::text, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE EXTENSION %I', e.extname),
           CASE WHEN s.nspname IS DISTINCT FROM pg_catalog.current_schema()
               THEN pg_catalog.format(' SCHEMA %I', s.nspname) END,
           -- The extension's author has written a comment that comes by itself.
           pg_catalog.format(E';\nCOMMENT ON EXTENSION %I IS ', e.extname)
               || pg_catalog.quote_literal(nullif(pg_catalog.obj_description(e.oid, 'pg_extension'),
                      (SELECT a.comment FROM pg_catalog.pg_available_extensions AS a WHERE a.name = e.extname)))),
       pg_catalog.format('DROP EXTENSION %I', e.extname),
       NULL
FROM pg_catalog.pg_extension AS e
JOIN pg_catalog.pg_namespace AS s ON s.oid = e.extnamespace
-- Lower numbers have the objects that a new database has.
WHERE e.oid >= 16384
