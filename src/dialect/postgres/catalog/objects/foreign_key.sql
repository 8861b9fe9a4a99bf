-- Foreign keys to tables that the schema language has no words for, but for those that such a table has to itself.
SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, k.conname), 'foreign key', n.nspname::text,
       CASE WHEN pg_catalog.starts_with(k.conname, c.relname) THEN k.conname::text
            ELSE pg_catalog.format('%s_%s', c.relname, k.conname) END,
       NULL,
       pg_catalog.concat(
           pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.oid::regclass, k.conname,
               pg_catalog.pg_get_constraintdef(k.oid, true)),
           pg_catalog.format(E';\nCOMMENT ON CONSTRAINT %I ON %s IS ', k.conname, c.oid::regclass)
               || pg_catalog.quote_literal(pg_catalog.obj_description(k.oid, 'pg_constraint'))),
       pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', c.oid::regclass, k.conname),
       NULL
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN space AS n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid <> k.confrelid AND c.relpersistence <> 't'
  AND k.confrelid IN (SELECT oid FROM raw)
  AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
