-- Who may do what, for each object on which that is not what comes by itself, and whose it is where that is not the role
-- that most of the schema belongs to; default privileges; security labels. Whoever asks gets the same answer.
WITH mine AS (
    SELECT coalesce(
        (SELECT c.relowner
         FROM pg_catalog.pg_class AS c
         JOIN space AS n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't'
           AND c.relname NOT LIKE 'schemactl\_journal%' AND c.relname NOT LIKE 'schemactl\_observed%'
           AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
         GROUP BY c.relowner
         ORDER BY pg_catalog.count(*) DESC, pg_catalog.pg_get_userbyid(c.relowner) COLLATE "C"
         LIMIT 1),
        (SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) AS oid
), owned AS (
    SELECT 'pg_catalog.pg_class'::regclass::oid AS class, c.oid AS object, 0 AS part,
           CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'table' END
               AS kind,
           c.oid::regclass::text AS name, c.relowner AS owner, c.relacl AS acl,
           CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS letter
    FROM pg_catalog.pg_class AS c
    JOIN space AS n ON n.oid = c.relnamespace
    CROSS JOIN mine
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't'
      AND (c.relacl IS NOT NULL OR c.relowner <> mine.oid)
      AND c.relname NOT LIKE 'schemactl\_journal%' AND c.relname NOT LIKE 'schemactl\_observed%'
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend AS d
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, c.oid, a.attnum, 'column',
           pg_catalog.format('%s.%I', c.oid::regclass, a.attname), mine.oid, a.attacl, 'c'
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN space AS n ON n.oid = c.relnamespace
    CROSS JOIN mine
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 0, 'function', p.oid::regprocedure::text, p.proowner, p.proacl, 'f'
    FROM pg_catalog.pg_proc AS p
    JOIN space AS n ON n.oid = p.pronamespace
    CROSS JOIN mine
    WHERE p.proacl IS NOT NULL OR p.proowner <> mine.oid
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, 0, 'type', t.oid::regtype::text, t.typowner, t.typacl, 'T'
    FROM pg_catalog.pg_type AS t
    JOIN space AS n ON n.oid = t.typnamespace
    CROSS JOIN mine
    WHERE (t.typacl IS NOT NULL OR t.typowner <> mine.oid)
      -- The types of tables and of arrays, and multiranges, go with others.
      AND (t.typtype IN ('e', 'd', 'r', 'b')
          OR EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS element WHERE element.typarray = t.oid)
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::regclass, s.oid, 0, 'namespace', pg_catalog.quote_ident(s.nspname), s.nspowner,
           s.nspacl, 'n'
    FROM pg_catalog.pg_namespace AS s
    JOIN space AS n ON n.oid = s.oid
    CROSS JOIN mine
    -- A new database's own namespace is nobody's in particular.
    WHERE s.nspacl IS NOT NULL OR s.nspowner <> mine.oid AND s.oid >= 16384
    UNION ALL
    SELECT 'pg_catalog.pg_language'::regclass, l.oid, 0, 'language', pg_catalog.quote_ident(l.lanname), l.lanowner,
           l.lanacl, 'l'
    FROM pg_catalog.pg_language AS l
    WHERE l.lanacl IS NOT NULL
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 0, 'foreign data wrapper',
           pg_catalog.quote_ident(w.fdwname), w.fdwowner, w.fdwacl, 'F'
    FROM pg_catalog.pg_foreign_data_wrapper AS w
    CROSS JOIN mine
    WHERE w.fdwacl IS NOT NULL OR w.fdwowner <> mine.oid
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::regclass, s.oid, 0, 'server', pg_catalog.quote_ident(s.srvname), s.srvowner,
           s.srvacl, 'S'
    FROM pg_catalog.pg_foreign_server AS s
    CROSS JOIN mine
    WHERE s.srvacl IS NOT NULL OR s.srvowner <> mine.oid
)
SELECT o.kind || ' ' || o.name, 'privileges', NULL, o.kind || ' ' || o.name, NULL,
       pg_catalog.concat_ws(E'\n',
           CASE WHEN o.owner <> mine.oid AND o.object >= 16384 THEN 'owner ' || pg_catalog.pg_get_userbyid(o.owner) END,
           CASE WHEN o.acl IS NOT NULL AND listed.acl <> usual.acl THEN listed.acl END),
       '', 'is about roles, which a schema does not have'
FROM owned AS o
CROSS JOIN mine
LEFT JOIN pg_catalog.pg_init_privs AS i ON i.classoid = o.class AND i.objoid = o.object AND i.objsubid = o.part
CROSS JOIN LATERAL (
    SELECT coalesce(pg_catalog.string_agg(item::text, E'\n' ORDER BY item::text COLLATE "C"), 'nobody') AS acl
    FROM pg_catalog.unnest(o.acl) AS item) AS listed
CROSS JOIN LATERAL (
    SELECT coalesce(pg_catalog.string_agg(item::text, E'\n' ORDER BY item::text COLLATE "C"), 'nobody') AS acl
    FROM pg_catalog.unnest(coalesce(i.initprivs, pg_catalog.acldefault(o.letter, o.owner))) AS item) AS usual
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = o.class AND m.objid = o.object)
  AND (o.acl IS NOT NULL AND listed.acl <> usual.acl OR o.owner <> mine.oid AND o.object >= 16384)
UNION ALL
SELECT whose.name, 'privileges', NULL, whose.name, NULL,
       (SELECT pg_catalog.string_agg(item::text, E'\n' ORDER BY item::text COLLATE "C")
        FROM pg_catalog.unnest(d.defaclacl) AS item),
       '', 'is about roles, which a schema does not have'
FROM pg_catalog.pg_default_acl AS d
LEFT JOIN pg_catalog.pg_namespace AS s ON s.oid = d.defaclnamespace
CROSS JOIN LATERAL (
    SELECT pg_catalog.concat('default privileges on ',
        CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
            WHEN 'T' THEN 'types' WHEN 'n' THEN 'namespaces' ELSE 'large objects' END,
        ' of ' || pg_catalog.pg_get_userbyid(d.defaclrole), ' in ' || s.nspname) AS name) AS whose
UNION ALL
SELECT whose.name, 'security label', NULL, whose.name, NULL, pg_catalog.format('%s: %s', l.provider, l.label),
       '', 'is given by a module of the server'
FROM pg_catalog.pg_seclabel AS l
CROSS JOIN LATERAL (
    SELECT pg_catalog.pg_describe_object(l.classoid, l.objoid, l.objsubid) AS name) AS whose
