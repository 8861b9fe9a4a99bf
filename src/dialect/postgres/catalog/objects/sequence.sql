-- Sequences but for those of identity columns. What one belongs to is an object of its own, because it comes after the
-- column whose default uses the sequence.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), part.kind, n.nspname::text, part.name, NULL,
       part."create", part."drop", NULL
FROM pg_catalog.pg_sequence AS s
JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
JOIN numbering AS g ON g.oid = c.oid
JOIN space AS n ON n.oid = c.relnamespace
LEFT JOIN (
    SELECT d.objid, pg_catalog.format('%s.%I', d.refobjid::regclass, a.attname) AS name
    FROM pg_catalog.pg_depend AS d
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
      AND d.deptype = 'a') AS owner ON owner.objid = c.oid
CROSS JOIN LATERAL (
    VALUES ('sequence', c.relname::text, pg_catalog.concat(
                CASE WHEN c.relpersistence = 'u' THEN 'CREATE UNLOGGED SEQUENCE ' ELSE 'CREATE SEQUENCE ' END, n.prefix, pg_catalog.quote_ident(c.relname),
                CASE WHEN s.seqtypid <> 'bigint'::regtype THEN ' AS ' || s.seqtypid::regtype END,
                g.options,
                pg_catalog.format(E';\nCOMMENT ON SEQUENCE %s IS ', c.oid::regclass)
                    || pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_class'))),
            'DROP SEQUENCE ' || c.oid::regclass),
           ('sequence owner', c.relname || '_owner',
            pg_catalog.format('ALTER SEQUENCE %s OWNED BY ', c.oid::regclass) || owner.name,
            pg_catalog.format('ALTER SEQUENCE %s OWNED BY NONE', c.oid::regclass))
) AS part (kind, name, "create", "drop")
WHERE c.relpersistence <> 't' AND part."create" IS NOT NULL
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
