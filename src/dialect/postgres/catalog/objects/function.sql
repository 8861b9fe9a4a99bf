-- Functions, procedures, window functions and aggregates.
SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, arguments.types), kind.word, n.nspname::text, p.proname::text,
       pg_catalog.format('%s(%s)', p.proname, arguments.types),
       pg_catalog.concat(
           CASE WHEN p.prokind = 'a' THEN aggregate.definition
                -- The server puts the namespace in front of the name in any case.
                ELSE pg_catalog.format('CREATE %s %s%s', kind.keyword, n.prefix, pg_catalog.substr(
                    pg_catalog.rtrim(pg_catalog.pg_get_functiondef(p.oid), E'\n'),
                    pg_catalog.length(pg_catalog.format('CREATE OR REPLACE %s %I.', kind.keyword, n.nspname)) + 1)) END,
           pg_catalog.format(E';\nCOMMENT ON %s %s(%s) IS ', kind.keyword, name.written, arguments.known)
               || pg_catalog.quote_literal(pg_catalog.obj_description(p.oid, 'pg_proc'))),
       pg_catalog.format('DROP %s %s(%s)', kind.keyword, name.written, arguments.known),
       CASE WHEN p.oid IN (
           SELECT pg_catalog.unnest(ARRAY[t.typinput::oid, t.typoutput::oid, t.typreceive::oid, t.typsend::oid,
               t.typmodin::oid, t.typmodout::oid, t.typanalyze::oid])
           FROM pg_catalog.pg_type AS t WHERE t.typtype IN ('b', 'p')
           UNION ALL
           SELECT rngcanonical FROM pg_catalog.pg_range) THEN 'makes a type, which needs it before it exists' END
FROM pg_catalog.pg_proc AS p
JOIN space AS n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window function'
               ELSE 'function' END AS word,
           CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END AS keyword) AS kind
CROSS JOIN LATERAL (
    -- The name is qualified where the search path leads to another function.
    SELECT CASE WHEN pg_catalog.pg_function_is_visible(p.oid) THEN pg_catalog.quote_ident(p.proname)
                ELSE pg_catalog.format('%I.%I', n.nspname, p.proname) END AS written) AS name
CROSS JOIN LATERAL (
    SELECT pg_catalog.oidvectortypes(p.proargtypes) AS types,
           CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN '*'
                ELSE pg_catalog.pg_get_function_identity_arguments(p.oid) END AS known) AS arguments
LEFT JOIN LATERAL (
    SELECT pg_catalog.format(E'CREATE AGGREGATE %s%I(%s) (\n    %s\n)', n.prefix, p.proname,
        CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_catalog.pg_get_function_arguments(p.oid) END,
        pg_catalog.concat_ws(E',\n    ',
            (SELECT pg_catalog.string_agg(
                        pg_catalog.concat(of.word, ' = ',
                            CASE WHEN NOT pg_catalog.pg_function_is_visible(f.oid)
                                THEN pg_catalog.quote_ident(s.nspname) || '.' END,
                            pg_catalog.quote_ident(f.proname)), E',\n    ' ORDER BY of.place)
             FROM (VALUES
                 (1, 'SFUNC', a.aggtransfn::oid), (2, 'FINALFUNC', a.aggfinalfn), (3, 'COMBINEFUNC', a.aggcombinefn),
                 (4, 'SERIALFUNC', a.aggserialfn), (5, 'DESERIALFUNC', a.aggdeserialfn), (6, 'MSFUNC', a.aggmtransfn),
                 (7, 'MINVFUNC', a.aggminvtransfn), (8, 'MFINALFUNC', a.aggmfinalfn)) AS of (place, word, oid)
             JOIN pg_catalog.pg_proc AS f ON f.oid = of.oid
             JOIN pg_catalog.pg_namespace AS s ON s.oid = f.pronamespace),
            'STYPE = ' || pg_catalog.format_type(a.aggtranstype, NULL),
            'SSPACE = ' || nullif(a.aggtransspace, 0),
            CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
            CASE WHEN a.aggfinalmodify <> usual.modify THEN 'FINALFUNC_MODIFY = '
                || CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
            'INITCOND = ' || pg_catalog.quote_literal(a.agginitval),
            'MSTYPE = ' || pg_catalog.format_type(nullif(a.aggmtranstype, 0), NULL),
            'MSSPACE = ' || nullif(a.aggmtransspace, 0),
            CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
            CASE WHEN a.aggmtranstype <> 0 AND a.aggmfinalmodify <> usual.modify THEN 'MFINALFUNC_MODIFY = '
                || CASE a.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
            'MINITCOND = ' || pg_catalog.quote_literal(a.aggminitval),
            (SELECT 'SORTOP = ' || CASE WHEN pg_catalog.pg_operator_is_visible(o.oid) THEN o.oprname
                 ELSE pg_catalog.format('OPERATOR(%I.%s)', s.nspname, o.oprname) END
             FROM pg_catalog.pg_operator AS o JOIN pg_catalog.pg_namespace AS s ON s.oid = o.oprnamespace
             WHERE o.oid = a.aggsortop),
            CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END,
            CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END)) AS definition
    FROM pg_catalog.pg_aggregate AS a
    CROSS JOIN LATERAL (SELECT CASE a.aggkind WHEN 'n' THEN 'r' ELSE 's' END::"char" AS modify) AS usual
    WHERE a.aggfnoid = p.oid) AS aggregate ON true
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
