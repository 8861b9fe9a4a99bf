-- What rests on what: the kind and the identity of either, as the queries of objects give them. A part stands for what
-- it belongs to: a default for its table, a rule for its view, an array for its element, a member for its extension.
-- What plain tables say of each other is left out, and their names are written only where something else speaks of them,
-- since they and their parts are most of what there is.
WITH RECURSIVE space AS (
    SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
), member AS (
    SELECT classid, objid FROM pg_catalog.pg_depend
    WHERE refclassid = 'pg_catalog.pg_extension'::regclass AND deptype = 'e'
), relation AS (
    -- The sequence of an identity column is a part of its table.
    SELECT c.oid, c.reltype, n.nspname, t.relname,
           t.relkind = 'r' AND NOT t.relispartition AND t.reloftype = 0
               AND t.oid NOT IN (SELECT h.inhrelid FROM pg_catalog.pg_inherits AS h) AS plain,
           CASE c.relkind WHEN 'c' THEN 'type' ELSE 'relation' END AS kind
    FROM pg_catalog.pg_class AS c
    JOIN space AS n ON n.oid = c.relnamespace
    LEFT JOIN LATERAL (
        SELECT d.refobjid FROM pg_catalog.pg_depend AS d
        WHERE c.relkind = 'S' AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
          AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'i') AS own ON true
    JOIN pg_catalog.pg_class AS t ON t.oid = coalesce(own.refobjid, c.oid)
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')
), special AS (
    SELECT oid, reltype, kind, pg_catalog.format('%I.%I', nspname, relname) AS identity FROM relation WHERE NOT plain
), type AS (
    SELECT t.oid, 'type' AS kind, pg_catalog.format('%I.%I', n.nspname, t.typname) AS identity
    FROM pg_catalog.pg_type AS t
    JOIN space AS n ON n.oid = t.typnamespace
    WHERE t.typrelid = 0 AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS element WHERE element.typarray = t.oid)
    UNION ALL
    SELECT reltype, kind, identity FROM special WHERE reltype <> 0
), class AS (
    SELECT c.oid, 'operator class' AS kind, pg_catalog.format('%I.%I USING %I', n.nspname, c.opcname, a.amname) AS identity
    FROM pg_catalog.pg_opclass AS c
    JOIN pg_catalog.pg_am AS a ON a.oid = c.opcmethod
    JOIN space AS n ON n.oid = c.opcnamespace
), family AS (
    SELECT f.oid, 'operator family' AS kind, pg_catalog.format('%I.%I USING %I', n.nspname, f.opfname, a.amname) AS identity
    FROM pg_catalog.pg_opfamily AS f
    JOIN pg_catalog.pg_am AS a ON a.oid = f.opfmethod
    JOIN space AS n ON n.oid = f.opfnamespace
), copy AS (
    -- The copies that partitions have of a foreign key.
    SELECT k.oid, o.oid AS original
    FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_constraint AS o ON o.oid = k.conparentid
    WHERE k.conparentid <> 0 AND o.conparentid = 0 AND o.contype <> 't'
    UNION ALL
    SELECT k.oid, c.original FROM pg_catalog.pg_constraint AS k JOIN copy AS c ON c.oid = k.conparentid
), key AS (
    -- A foreign key to a table that is not plain is an object of its own.
    SELECT k.oid, k.conparentid = 0 AND k.contype <> 't' AS original, k.conname, r.kind, r.nspname, r.relname, r.plain,
           k.confrelid <> k.conrelid AND k.confrelid IN (SELECT oid FROM special) AS own
    FROM pg_catalog.pg_constraint AS k JOIN relation AS r ON r.oid = k.conrelid
), held AS (
    SELECT oid, conname, kind, nspname, relname, plain, own FROM key WHERE original
    UNION ALL
    SELECT c.oid, k.conname, k.kind, k.nspname, k.relname, k.plain, k.own
    -- As arrays, since a server takes a recursion for many times the rows that there are.
    FROM ROWS FROM (
        pg_catalog.unnest((SELECT pg_catalog.array_agg(oid ORDER BY oid) FROM copy)),
        pg_catalog.unnest((SELECT pg_catalog.array_agg(original ORDER BY oid) FROM copy))) AS c (oid, original)
    JOIN key AS o ON o.oid = c.original
    JOIN key AS k ON k.oid = CASE WHEN o.own THEN c.original ELSE c.oid END
), known (class, object, kind, identity) AS (
    SELECT 'pg_catalog.pg_class'::regclass, oid, kind, identity FROM special
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, x.indexrelid, r.kind, r.identity
    FROM pg_catalog.pg_index AS x JOIN special AS r ON r.oid = x.indrelid
    UNION ALL
    SELECT 'pg_catalog.pg_attrdef'::regclass, d.oid, r.kind, r.identity
    FROM pg_catalog.pg_attrdef AS d JOIN special AS r ON r.oid = d.adrelid
    UNION ALL
    SELECT 'pg_catalog.pg_constraint'::regclass, oid, CASE WHEN own THEN 'foreign key' ELSE kind END,
           pg_catalog.format(CASE WHEN own THEN '%I.%I.%I' ELSE '%I.%I' END, nspname, relname, conname)
    FROM held WHERE own OR NOT plain
    UNION ALL
    SELECT 'pg_catalog.pg_constraint'::regclass, k.oid, t.kind, t.identity
    FROM pg_catalog.pg_constraint AS k JOIN type AS t ON t.oid = k.contypid WHERE k.contypid <> 0
    UNION ALL
    SELECT 'pg_catalog.pg_rewrite'::regclass, w.oid, CASE w.rulename WHEN '_RETURN' THEN r.kind ELSE 'rule' END,
           pg_catalog.format(CASE w.rulename WHEN '_RETURN' THEN '%I.%I' ELSE '%I.%I.%I' END, r.nspname, r.relname, w.rulename)
    FROM pg_catalog.pg_rewrite AS w JOIN relation AS r ON r.oid = w.ev_class
    UNION ALL
    SELECT 'pg_catalog.pg_trigger'::regclass, t.oid, 'trigger', pg_catalog.format('%I.%I.%I', r.nspname, r.relname, t.tgname)
    FROM pg_catalog.pg_trigger AS t JOIN relation AS r ON r.oid = t.tgrelid
    WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'pg_catalog.pg_policy'::regclass, p.oid, 'policy', pg_catalog.format('%I.%I.%I', r.nspname, r.relname, p.polname)
    FROM pg_catalog.pg_policy AS p JOIN relation AS r ON r.oid = p.polrelid
    UNION ALL
    SELECT 'pg_catalog.pg_statistic_ext'::regclass, s.oid, 'statistics', pg_catalog.format('%I.%I', n.nspname, s.stxname)
    FROM pg_catalog.pg_statistic_ext AS s JOIN space AS n ON n.oid = s.stxnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.kind, t.identity FROM type AS t
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, element.typarray, t.kind, t.identity
    FROM type AS t JOIN pg_catalog.pg_type AS element ON element.oid = t.oid
    WHERE element.typarray <> 0
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 'function',
           pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes))
    FROM pg_catalog.pg_proc AS p JOIN space AS n ON n.oid = p.pronamespace
    UNION ALL
    SELECT 'pg_catalog.pg_operator'::regclass, o.oid, 'operator',
           pg_catalog.format('%I.%s(%s, %s)', n.nspname, o.oprname,
               coalesce(pg_catalog.format_type(nullif(o.oprleft, 0), NULL), 'NONE'),
               coalesce(pg_catalog.format_type(nullif(o.oprright, 0), NULL), 'NONE'))
    FROM pg_catalog.pg_operator AS o JOIN space AS n ON n.oid = o.oprnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_opclass'::regclass, oid, kind, identity FROM class
    UNION ALL
    SELECT 'pg_catalog.pg_opfamily'::regclass, oid, kind, identity FROM family
    UNION ALL
    SELECT d.classid, d.objid, f.kind, f.identity
    FROM pg_catalog.pg_depend AS d
    JOIN (SELECT 'pg_catalog.pg_opclass'::regclass AS of, * FROM class
          UNION ALL SELECT 'pg_catalog.pg_opfamily'::regclass, * FROM family) AS f
        ON f.of = d.refclassid AND f.oid = d.refobjid
    WHERE d.classid IN ('pg_catalog.pg_amop'::regclass, 'pg_catalog.pg_amproc'::regclass)
      AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = d.refclassid AND m.objid = d.refobjid)
    UNION ALL
    SELECT 'pg_catalog.pg_collation'::regclass, l.oid, 'collation', pg_catalog.format('%I.%I', n.nspname, l.collname)
    FROM pg_catalog.pg_collation AS l JOIN space AS n ON n.oid = l.collnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_conversion'::regclass, c.oid, 'conversion', pg_catalog.format('%I.%I', n.nspname, c.conname)
    FROM pg_catalog.pg_conversion AS c JOIN space AS n ON n.oid = c.connamespace
    UNION ALL
    SELECT 'pg_catalog.pg_ts_parser'::regclass, p.oid, 'text search parser',
           pg_catalog.format('%I.%I', n.nspname, p.prsname)
    FROM pg_catalog.pg_ts_parser AS p JOIN space AS n ON n.oid = p.prsnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_ts_template'::regclass, t.oid, 'text search template',
           pg_catalog.format('%I.%I', n.nspname, t.tmplname)
    FROM pg_catalog.pg_ts_template AS t JOIN space AS n ON n.oid = t.tmplnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_ts_dict'::regclass, d.oid, 'text search dictionary',
           pg_catalog.format('%I.%I', n.nspname, d.dictname)
    FROM pg_catalog.pg_ts_dict AS d JOIN space AS n ON n.oid = d.dictnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_ts_config'::regclass, c.oid, 'text search configuration',
           pg_catalog.format('%I.%I', n.nspname, c.cfgname)
    FROM pg_catalog.pg_ts_config AS c JOIN space AS n ON n.oid = c.cfgnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_cast'::regclass, c.oid, 'cast',
           pg_catalog.format('(%s AS %s)', pg_catalog.format_type(c.castsource, NULL),
               pg_catalog.format_type(c.casttarget, NULL))
    FROM pg_catalog.pg_cast AS c WHERE c.oid >= 16384
    UNION ALL
    SELECT 'pg_catalog.pg_transform'::regclass, t.oid, 'transform',
           pg_catalog.format('%s LANGUAGE %I', pg_catalog.format_type(t.trftype, NULL), l.lanname)
    FROM pg_catalog.pg_transform AS t JOIN pg_catalog.pg_language AS l ON l.oid = t.trflang
    UNION ALL
    SELECT 'pg_catalog.pg_language'::regclass, oid, 'language', pg_catalog.quote_ident(lanname)
    FROM pg_catalog.pg_language
    UNION ALL
    SELECT 'pg_catalog.pg_am'::regclass, oid, 'access method', pg_catalog.quote_ident(amname)
    FROM pg_catalog.pg_am
    UNION ALL
    SELECT 'pg_catalog.pg_event_trigger'::regclass, oid, 'event trigger', pg_catalog.quote_ident(evtname)
    FROM pg_catalog.pg_event_trigger
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, oid, 'foreign data wrapper', pg_catalog.quote_ident(fdwname)
    FROM pg_catalog.pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::regclass, oid, 'server', pg_catalog.quote_ident(srvname)
    FROM pg_catalog.pg_foreign_server
    UNION ALL
    SELECT 'pg_catalog.pg_user_mapping'::regclass, u.umid, 'user mapping',
           pg_catalog.format('FOR %s SERVER %I',
               CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(u.usename) END, u.srvname)
    FROM pg_catalog.pg_user_mappings AS u
    UNION ALL
    SELECT 'pg_catalog.pg_extension'::regclass, oid, 'extension', pg_catalog.quote_ident(extname)
    FROM pg_catalog.pg_extension
), link AS (
    SELECT d.* FROM pg_catalog.pg_depend AS d
    WHERE d.deptype <> 'e'
      AND ((d.classid, d.objid) IN (SELECT class::oid, object FROM known)
          OR (d.refclassid, d.refobjid) IN (SELECT class::oid, object FROM known))
    OFFSET 0
), linked AS (
    SELECT class, object, kind, identity FROM known
    UNION ALL
    SELECT p.class, p.object, 'relation', pg_catalog.format('%I.%I', p.nspname, p.relname)
    FROM (
        SELECT 'pg_catalog.pg_class'::regclass, oid, nspname, relname FROM relation WHERE plain
        UNION ALL
        SELECT 'pg_catalog.pg_class'::regclass, x.indexrelid, r.nspname, r.relname
        FROM pg_catalog.pg_index AS x JOIN relation AS r ON r.oid = x.indrelid WHERE r.plain
        UNION ALL
        SELECT 'pg_catalog.pg_attrdef'::regclass, d.oid, r.nspname, r.relname
        FROM pg_catalog.pg_attrdef AS d JOIN relation AS r ON r.oid = d.adrelid WHERE r.plain
        UNION ALL
        SELECT 'pg_catalog.pg_constraint'::regclass, oid, nspname, relname FROM held WHERE plain AND NOT own
        UNION ALL
        SELECT 'pg_catalog.pg_type'::regclass, r.reltype, r.nspname, r.relname
        FROM relation AS r WHERE r.plain AND r.reltype <> 0
        UNION ALL
        SELECT 'pg_catalog.pg_type'::regclass, t.typarray, r.nspname, r.relname
        FROM relation AS r JOIN pg_catalog.pg_type AS t ON t.oid = r.reltype WHERE r.plain AND t.typarray <> 0
    ) AS p (class, object, nspname, relname)
    WHERE (p.class::oid, p.object) IN (SELECT classid, objid FROM link UNION ALL SELECT refclassid, refobjid FROM link)
), edge AS (
    SELECT DISTINCT
           -- A sequence does not rest on the column that it belongs to; that it belongs there does.
           CASE WHEN d.deptype = 'a' AND d.refobjsubid > 0 AND d.classid = 'pg_catalog.pg_class'::regclass
               THEN 'sequence owner' ELSE a.kind END AS kind,
           a.identity, b.kind AS other_kind, b.identity AS other_identity
    FROM link AS d
    JOIN linked AS a ON a.class = d.classid AND a.object = d.objid
    JOIN linked AS b ON b.class = d.refclassid AND b.object = d.refobjid
    WHERE (a.kind, a.identity) <> (b.kind, b.identity)
      AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = d.classid AND m.objid = d.objid)
), owned AS (
    -- By themselves, since the server takes them for many times as many as they are.
    SELECT k.kind, k.identity, pg_catalog.quote_ident(e.extname) AS extension
    FROM pg_catalog.pg_depend AS d
    JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    JOIN linked AS k ON k.class = d.classid AND k.object = d.objid
    WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'
    OFFSET 0
)
SELECT kind, identity, other_kind, other_identity FROM edge
UNION
SELECT kind, identity, 'relation', identity FROM edge WHERE kind = 'sequence owner'
UNION
SELECT o.kind, o.identity, 'extension', o.extension
FROM owned AS o JOIN edge ON edge.other_kind = o.kind AND edge.other_identity = o.identity
ORDER BY 1, 2, 3, 4
