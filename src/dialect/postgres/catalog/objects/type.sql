-- Domains, composite types and ranges; enums have a query of their own. Types made of functions are not created by any
-- one statement.
SELECT pg_catalog.format('%I.%I', n.nspname, t.typname), made.kind, n.nspname::text, t.typname::text, NULL,
       pg_catalog.concat(made."create",
           pg_catalog.format(E';\nCOMMENT ON %s %s IS ', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.oid::regtype)
               || pg_catalog.quote_literal(pg_catalog.obj_description(t.oid, 'pg_type')),
           made.comments),
       pg_catalog.format('DROP %s %s', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.oid::regtype),
       made.reason
FROM (
    -- Tables and arrays have types, too, many more than there are others.
    SELECT t.* FROM pg_catalog.pg_type AS t
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
    WHERE t.typtype IN ('d', 'c', 'r', 'b', 'p') AND (t.typtype <> 'c' OR c.relkind = 'c')
      AND t.oid NOT IN (SELECT element.typarray FROM pg_catalog.pg_type AS element)
    OFFSET 0) AS t
JOIN space AS n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
CROSS JOIN LATERAL (
    SELECT 'domain' AS kind,
           pg_catalog.concat(
               'CREATE DOMAIN ', n.prefix, pg_catalog.quote_ident(t.typname),
               ' AS ', pg_catalog.format_type(t.typbasetype, t.typtypmod),
               (SELECT ' COLLATE ' || l.name
                FROM collating AS l
                JOIN pg_catalog.pg_type AS base ON base.oid = t.typbasetype
                WHERE l.oid = t.typcollation AND l.oid <> base.typcollation),
               ' DEFAULT ' || coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), pg_catalog.quote_literal(t.typdefault)),
               CASE WHEN t.typnotnull THEN (
                   SELECT pg_catalog.format(' CONSTRAINT %I', k.conname)
                   FROM pg_catalog.pg_constraint AS k
                   WHERE k.contypid = t.oid AND k.contype = 'n' AND k.conname <> t.typname || '_not_null') END,
               CASE WHEN t.typnotnull THEN ' NOT NULL' END,
               checks.inside, checks.behind) AS "create",
           checks.comments,
           NULL AS reason
    FROM (
        SELECT pg_catalog.string_agg(pg_catalog.format(E'\n    CONSTRAINT %I %s', k.conname, k.definition), ''
                   ORDER BY k.conname COLLATE "C") FILTER (WHERE k.convalidated) AS inside,
               pg_catalog.string_agg(
                   pg_catalog.format(E';\nALTER DOMAIN %s ADD CONSTRAINT %I %s', t.oid::regtype, k.conname, k.definition), ''
                   ORDER BY k.conname COLLATE "C") FILTER (WHERE NOT k.convalidated) AS behind,
               pg_catalog.string_agg(
                   pg_catalog.format(E';\nCOMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L', k.conname, t.oid::regtype, k.comment),
                   '' ORDER BY k.conname COLLATE "C") FILTER (WHERE k.comment IS NOT NULL) AS comments
        FROM (
            SELECT conname, convalidated, pg_catalog.pg_get_constraintdef(oid, true) AS definition,
                   pg_catalog.obj_description(oid, 'pg_constraint') AS comment
            FROM pg_catalog.pg_constraint WHERE contypid = t.oid AND contype = 'c') AS k) AS checks
    WHERE t.typtype = 'd'
    UNION ALL
    SELECT 'composite type',
           pg_catalog.concat('CREATE TYPE ', n.prefix, pg_catalog.quote_ident(t.typname), ' AS (', parts.list, ')'),
           parts.comments, NULL
    FROM (
        SELECT pg_catalog.string_agg(E'\n    ' || pg_catalog.format('%I %s', a.attname,
                   pg_catalog.format_type(a.atttypid, a.atttypmod))
                   || coalesce((
                       SELECT ' COLLATE ' || l.name
                       FROM collating AS l
                       JOIN pg_catalog.pg_type AS base ON base.oid = a.atttypid
                       WHERE l.oid = a.attcollation AND l.oid <> base.typcollation), ''),
                   ',' ORDER BY a.attnum) || E'\n' AS list,
               pg_catalog.string_agg(
                   pg_catalog.format(E';\nCOMMENT ON COLUMN %s.%I IS %L', c.oid::regclass, a.attname,
                       pg_catalog.col_description(c.oid, a.attnum)),
                   '' ORDER BY a.attnum) FILTER (WHERE pg_catalog.col_description(c.oid, a.attnum) IS NOT NULL)
                   AS comments
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS parts
    WHERE t.typtype = 'c'
    UNION ALL
    SELECT 'range type',
           pg_catalog.concat(
               'CREATE TYPE ', n.prefix, pg_catalog.quote_ident(t.typname),
               ' AS RANGE (SUBTYPE = ', pg_catalog.format_type(r.rngsubtype, NULL),
               (SELECT pg_catalog.format(', SUBTYPE_OPCLASS = %I.%I', s.nspname, o.opcname)
                FROM pg_catalog.pg_opclass AS o
                JOIN pg_catalog.pg_namespace AS s ON s.oid = o.opcnamespace
                WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
               (SELECT ', COLLATION = ' || l.name
                FROM collating AS l
                JOIN pg_catalog.pg_type AS base ON base.oid = r.rngsubtype
                WHERE l.oid = r.rngcollation AND l.oid <> base.typcollation),
               ', CANONICAL = ' || nullif(r.rngcanonical::text, '-'),
               ', SUBTYPE_DIFF = ' || nullif(r.rngsubdiff::text, '-'),
               (SELECT pg_catalog.format(', MULTIRANGE_TYPE_NAME = %s%I', n.prefix, m.typname)
                FROM pg_catalog.pg_type AS m
                -- Before PostgreSQL 14 there is no such column; then, the name is found further out.
                WHERE m.oid = (SELECT rngmultitypid FROM pg_catalog.pg_range AS i WHERE i.rngtypid = t.oid)
                  AND m.typname <> CASE WHEN t.typname ~ 'range' THEN regexp_replace(t.typname, 'range', 'multirange')
                                   ELSE t.typname || '_multirange' END),
               ')'),
           NULL,
           CASE WHEN r.rngcanonical <> 0 THEN 'has a function that needs the type before it exists' END
    FROM pg_catalog.pg_range AS r
    CROSS JOIN (SELECT 0::oid AS rngmultitypid) AS older
    WHERE t.typtype = 'r' AND r.rngtypid = t.oid
    UNION ALL
    SELECT 'base type',
           pg_catalog.concat_ws(', ', 'INPUT = ' || t.typinput, 'OUTPUT = ' || t.typoutput, 'LENGTH = ' || t.typlen,
               'ALIGNMENT = ' || t.typalign::text, 'STORAGE = ' || t.typstorage::text,
               'CATEGORY = ' || t.typcategory::text),
           NULL, 'is made of functions that need the type before it exists'
    WHERE t.typtype IN ('b', 'p')
) AS made
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_type'::regclass AND m.objid = t.oid)
