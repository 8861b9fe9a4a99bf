-- Operators, operator families with what was added to them by itself, and operator classes with what they have.
SELECT pg_catalog.format('%I.%s(%s)', n.nspname, o.oprname, operands.list), 'operator', n.nspname::text,
       o.oprname::text, pg_catalog.format('%s(%s)', o.oprname, operands.list),
       pg_catalog.concat(
           pg_catalog.format(E'CREATE OPERATOR %s%s (\n    ', n.prefix, o.oprname),
           pg_catalog.concat_ws(E',\n    ',
               (SELECT pg_catalog.string_agg(
                           pg_catalog.concat(of.word, ' = ',
                               CASE WHEN NOT pg_catalog.pg_function_is_visible(f.oid)
                                   THEN pg_catalog.quote_ident(s.nspname) || '.' END,
                               pg_catalog.quote_ident(f.proname)), E',\n    ' ORDER BY of.place)
                FROM (VALUES
                    (1, 'FUNCTION', o.oprcode::oid), (2, 'RESTRICT', o.oprrest), (3, 'JOIN', o.oprjoin))
                    AS of (place, word, oid)
                JOIN pg_catalog.pg_proc AS f ON f.oid = of.oid
                JOIN pg_catalog.pg_namespace AS s ON s.oid = f.pronamespace),
               'LEFTARG = ' || pg_catalog.format_type(nullif(o.oprleft, 0), NULL),
               'RIGHTARG = ' || pg_catalog.format_type(nullif(o.oprright, 0), NULL),
               (SELECT 'COMMUTATOR = ' || CASE WHEN pg_catalog.pg_operator_is_visible(other.oid) THEN other.oprname
                    ELSE pg_catalog.format('OPERATOR(%I.%s)', s.nspname, other.oprname) END
                FROM pg_catalog.pg_operator AS other
                JOIN pg_catalog.pg_namespace AS s ON s.oid = other.oprnamespace WHERE other.oid = o.oprcom),
               (SELECT 'NEGATOR = ' || CASE WHEN pg_catalog.pg_operator_is_visible(other.oid) THEN other.oprname
                    ELSE pg_catalog.format('OPERATOR(%I.%s)', s.nspname, other.oprname) END
                FROM pg_catalog.pg_operator AS other
                JOIN pg_catalog.pg_namespace AS s ON s.oid = other.oprnamespace WHERE other.oid = o.oprnegate),
               CASE WHEN o.oprcanhash THEN 'HASHES' END,
               CASE WHEN o.oprcanmerge THEN 'MERGES' END),
           E'\n)',
           pg_catalog.format(E';\nCOMMENT ON OPERATOR %s IS ', o.oid::regoperator)
               || pg_catalog.quote_literal(pg_catalog.obj_description(o.oid, 'pg_operator'))),
       'DROP OPERATOR ' || o.oid::regoperator,
       CASE WHEN o.oprcode = 0 THEN 'is named by another operator and has no function' END
FROM pg_catalog.pg_operator AS o
JOIN space AS n ON n.oid = o.oprnamespace
CROSS JOIN LATERAL (
    SELECT pg_catalog.concat(coalesce(pg_catalog.format_type(nullif(o.oprleft, 0), NULL), 'NONE'), ', ',
               coalesce(pg_catalog.format_type(nullif(o.oprright, 0), NULL), 'NONE')) AS list) AS operands
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_operator'::regclass AND m.objid = o.oid)
UNION ALL
SELECT pg_catalog.format('%I.%I USING %I', n.nspname, f.opfname, am.amname), 'operator family', n.nspname,
       f.opfname, pg_catalog.format('%s(%s)', f.opfname, am.amname),
       pg_catalog.concat(
           pg_catalog.format('CREATE OPERATOR FAMILY %s%I USING %I', n.prefix, f.opfname, am.amname),
           pg_catalog.format(E';\nALTER OPERATOR FAMILY %s USING %I ADD\n    ', name.written, am.amname) || loose.list,
           pg_catalog.format(E';\nCOMMENT ON OPERATOR FAMILY %s USING %I IS ', name.written, am.amname)
               || pg_catalog.quote_literal(pg_catalog.obj_description(f.oid, 'pg_opfamily'))),
       pg_catalog.format('DROP OPERATOR FAMILY %s USING %I', name.written, am.amname),
       NULL
FROM pg_catalog.pg_opfamily AS f
JOIN pg_catalog.pg_am AS am ON am.oid = f.opfmethod
JOIN space AS n ON n.oid = f.opfnamespace
CROSS JOIN LATERAL (
    SELECT CASE WHEN pg_catalog.pg_opfamily_is_visible(f.oid) THEN pg_catalog.quote_ident(f.opfname)
                ELSE pg_catalog.format('%I.%I', n.nspname, f.opfname) END AS written) AS name
CROSS JOIN LATERAL (
    SELECT pg_catalog.string_agg(p.item, E',\n    ' ORDER BY p.item COLLATE "C") AS list
    FROM part AS p WHERE p.class = 'pg_catalog.pg_opfamily'::regclass AND p.owner = f.oid) AS loose
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_opfamily'::regclass AND m.objid = f.oid)
UNION ALL
SELECT pg_catalog.format('%I.%I USING %I', n.nspname, c.opcname, am.amname), 'operator class', n.nspname,
       c.opcname, pg_catalog.format('%s(%s)', c.opcname, am.amname),
       pg_catalog.concat(
           pg_catalog.format(E'CREATE OPERATOR CLASS %s%I\n    ', n.prefix, c.opcname),
           CASE WHEN c.opcdefault THEN 'DEFAULT ' END,
           pg_catalog.format(E'FOR TYPE %s USING %I FAMILY %s AS\n    ', pg_catalog.format_type(c.opcintype, NULL), am.amname,
               CASE WHEN pg_catalog.pg_opfamily_is_visible(f.oid) THEN pg_catalog.quote_ident(f.opfname)
                    ELSE pg_catalog.format('%I.%I', fn.nspname, f.opfname) END),
           pg_catalog.concat_ws(E',\n    ', own.list,
               'STORAGE ' || CASE WHEN c.opckeytype <> 0 OR own.list IS NULL
                   THEN pg_catalog.format_type(coalesce(nullif(c.opckeytype, 0), c.opcintype), NULL) END),
           pg_catalog.format(E';\nCOMMENT ON OPERATOR CLASS %s USING %I IS ', name.written, am.amname)
               || pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_opclass'))),
       pg_catalog.format('DROP OPERATOR CLASS %s USING %I', name.written, am.amname),
       NULL
FROM pg_catalog.pg_opclass AS c
JOIN pg_catalog.pg_am AS am ON am.oid = c.opcmethod
JOIN pg_catalog.pg_opfamily AS f ON f.oid = c.opcfamily
JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.opfnamespace
JOIN space AS n ON n.oid = c.opcnamespace
CROSS JOIN LATERAL (
    SELECT CASE WHEN pg_catalog.pg_opclass_is_visible(c.oid) THEN pg_catalog.quote_ident(c.opcname)
                ELSE pg_catalog.format('%I.%I', n.nspname, c.opcname) END AS written) AS name
CROSS JOIN LATERAL (
    SELECT pg_catalog.string_agg(p.item, E',\n    ' ORDER BY p.item COLLATE "C") AS list
    FROM part AS p WHERE p.class = 'pg_catalog.pg_opclass'::regclass AND p.owner = c.oid) AS own
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_opclass'::regclass AND m.objid = c.oid)
