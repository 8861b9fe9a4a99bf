-- Languages, access methods, casts, conversions and transforms, but for those of a new database.
SELECT pg_catalog.quote_ident(l.lanname), 'language', NULL, l.lanname::text, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE %sLANGUAGE %I', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' END, l.lanname),
           ' HANDLER ' || nullif(l.lanplcallfoid::regproc::text, '-'), ' INLINE ' || nullif(l.laninline::regproc::text, '-'),
           ' VALIDATOR ' || nullif(l.lanvalidator::regproc::text, '-'),
           pg_catalog.format(E';\nCOMMENT ON LANGUAGE %I IS ', l.lanname)
               || pg_catalog.quote_literal(pg_catalog.obj_description(l.oid, 'pg_language'))),
       pg_catalog.format('DROP LANGUAGE %I', l.lanname), NULL
FROM pg_catalog.pg_language AS l
WHERE l.oid >= 16384
  AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_language'::regclass AND m.objid = l.oid)
UNION ALL
SELECT pg_catalog.quote_ident(a.amname), 'access method', NULL, a.amname, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', a.amname,
               CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, a.amhandler),
           pg_catalog.format(E';\nCOMMENT ON ACCESS METHOD %I IS ', a.amname)
               || pg_catalog.quote_literal(pg_catalog.obj_description(a.oid, 'pg_am'))),
       pg_catalog.format('DROP ACCESS METHOD %I', a.amname), NULL
FROM pg_catalog.pg_am AS a
WHERE a.oid >= 16384
  AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_am'::regclass AND m.objid = a.oid)
UNION ALL
SELECT pg_catalog.format('(%s AS %s)', ends.source, ends.target), 'cast', NULL,
       pg_catalog.format('%s as %s', ends.source, ends.target), NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE CAST (%s AS %s) ', ends.source, ends.target),
           CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT'
               ELSE 'WITHOUT FUNCTION' END,
           CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END,
           pg_catalog.format(E';\nCOMMENT ON CAST (%s AS %s) IS ', ends.source, ends.target)
               || pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_cast'))),
       pg_catalog.format('DROP CAST (%s AS %s)', ends.source, ends.target), NULL
FROM pg_catalog.pg_cast AS c
CROSS JOIN LATERAL (
    SELECT pg_catalog.format_type(c.castsource, NULL) AS source, pg_catalog.format_type(c.casttarget, NULL) AS target) AS ends
WHERE c.oid >= 16384
  -- A range type comes with a cast.
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_cast'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
UNION ALL
SELECT pg_catalog.format('%I.%I', n.nspname, c.conname), 'conversion', n.nspname, c.conname, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE %sCONVERSION %s%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' END,
               n.prefix, c.conname, pg_catalog.pg_encoding_to_char(c.conforencoding),
               pg_catalog.pg_encoding_to_char(c.contoencoding), c.conproc),
           pg_catalog.format(E';\nCOMMENT ON CONVERSION %s%I IS ', n.prefix, c.conname)
               || pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_conversion'))),
       pg_catalog.format('DROP CONVERSION %s%I', n.prefix, c.conname), NULL
FROM pg_catalog.pg_conversion AS c
JOIN space AS n ON n.oid = c.connamespace
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_conversion'::regclass AND m.objid = c.oid)
UNION ALL
SELECT pg_catalog.format('%s LANGUAGE %I', pg_catalog.format_type(t.trftype, NULL), l.lanname), 'transform', NULL,
       pg_catalog.format('%s for %s', pg_catalog.format_type(t.trftype, NULL), l.lanname), NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE TRANSFORM FOR %s LANGUAGE %I (', pg_catalog.format_type(t.trftype, NULL), l.lanname),
           pg_catalog.concat_ws(', ',
               'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::regprocedure,
               'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::regprocedure),
           ')'),
       pg_catalog.format('DROP TRANSFORM FOR %s LANGUAGE %I', pg_catalog.format_type(t.trftype, NULL), l.lanname), NULL
FROM pg_catalog.pg_transform AS t
JOIN pg_catalog.pg_language AS l ON l.oid = t.trflang
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_transform'::regclass AND m.objid = t.oid)
