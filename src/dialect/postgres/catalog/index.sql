-- A definition is printed only where the cells beside it don't say it all, since that costs more than they do.
WITH wanted AS (
    SELECT n.nspname, c.relname AS relation, i.oid, i.relname, i.relam,
           i.reloptions, i.reltablespace, x.indrelid, x.indisunique, x.indisvalid, x.indnkeyatts, x.indkey, x.indoption,
           x.indclass, x.indcollation, x.indexprs, x.indpred, x.indnullsnotdistinct
    -- What a server is too old to have is found one level further out.
    FROM (SELECT false AS indnullsnotdistinct) AS older
    CROSS JOIN LATERAL (
        SELECT x.indexrelid, x.indrelid, x.indisunique, x.indisvalid, x.indnkeyatts, x.indkey, x.indoption, x.indclass,
               x.indcollation, x.indexprs, x.indpred, indnullsnotdistinct
        FROM pg_catalog.pg_index AS x) AS x
    JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0
      AND c.oid NOT IN (SELECT h.inhrelid FROM pg_catalog.pg_inherits AS h)
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
      AND c.relname NOT LIKE 'schemactl\_journal%' AND c.relname NOT LIKE 'schemactl\_observed%'
      AND c.oid NOT IN (
          SELECT d.objid FROM pg_catalog.pg_depend AS d
          WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
            AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
      AND i.oid NOT IN (SELECT k.conindid FROM pg_catalog.pg_constraint AS k WHERE k.contype IN ('p', 'u', 'x'))),
-- Sorted once, not for every aggregate; and a column is found by the index, since the catalog of columns is large.
key AS (
    SELECT x.oid, key.place, key.number, x.indexprs IS NOT NULL AS computed, key.place > x.indnkeyatts AS included,
           a.attname, own.attoptions, own.target, class.name AS class, collation_.name AS collation_
    FROM wanted AS x
    CROSS JOIN ROWS FROM (
        pg_catalog.unnest(x.indkey::smallint[]), pg_catalog.unnest(x.indclass::oid[]), pg_catalog.unnest(x.indcollation::oid[])
    ) WITH ORDINALITY AS key (number, class, collation_, place)
    LEFT JOIN LATERAL (
        SELECT a.attname, a.attcollation FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = x.indrelid AND a.attnum = key.number OFFSET 0) AS a ON true
    LEFT JOIN LATERAL (
        SELECT own.attoptions, NULLIF(own.attstattarget, -1) AS target FROM pg_catalog.pg_attribute AS own
        WHERE own.attrelid = x.oid AND own.attnum = key.place AND (own.attoptions IS NOT NULL OR own.attstattarget >= 0)
        OFFSET 0) AS own ON true
    LEFT JOIN (
        SELECT o.oid, o.opcdefault, pg_catalog.json_build_array(s.nspname, o.opcname) AS name
        FROM pg_catalog.pg_opclass AS o
        JOIN pg_catalog.pg_namespace AS s ON s.oid = o.opcnamespace) AS class
        ON class.oid = key.class AND (NOT class.opcdefault OR own.attoptions IS NOT NULL)
    LEFT JOIN (
        SELECT co.oid, pg_catalog.json_build_array(s.nspname, co.collname) AS name
        FROM pg_catalog.pg_collation AS co
        JOIN pg_catalog.pg_namespace AS s ON s.oid = co.collnamespace) AS collation_
        ON collation_.oid = key.collation_ AND key.collation_ <> COALESCE(a.attcollation, 100)
    ORDER BY x.oid, key.place),
keys AS (
    SELECT key.oid,
           pg_catalog.json_agg(key.attname) FILTER (WHERE NOT key.included) AS columns,
           pg_catalog.json_agg(key.attname) FILTER (WHERE key.included) AS include,
           pg_catalog.json_agg(CASE WHEN key.number = 0 THEN pg_catalog.pg_get_indexdef(key.oid, key.place::integer, false) END)
               FILTER (WHERE key.computed) AS expressions,
           pg_catalog.json_agg(key.class) AS classes,
           pg_catalog.count(key.class) > 0 AS classed,
           pg_catalog.json_agg(key.attoptions) AS parameters,
           pg_catalog.count(key.attoptions) > 0 AS parametered,
           pg_catalog.json_agg(key.target) AS targets,
           pg_catalog.count(key.target) > 0 AS targeted,
           pg_catalog.json_agg(key.collation_) AS collations,
           pg_catalog.count(key.collation_) > 0 AS collated,
           pg_catalog.bool_or(key.number = 0 AND key.collation_ IS NOT NULL) AS doubtful
    FROM key
    GROUP BY key.oid)
SELECT x.nspname AS namespace,
       x.relation,
       x.relname AS name,
       CASE WHEN x.indisunique THEN 'unique' END AS uniqueness,
       CASE WHEN method.amname <> 'btree' THEN method.amname END AS method,
       keys.columns,
       keys.expressions,
       x.indoption AS orders,
       CASE WHEN keys.classed THEN keys.classes END AS classes,
       CASE WHEN keys.parametered THEN keys.parameters END AS parameters,
       CASE WHEN keys.collated THEN keys.collations END AS collations,
       CASE WHEN keys.targeted THEN keys.targets END AS statistics,
       keys.include,
       pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate,
       CASE WHEN x.indnullsnotdistinct THEN 'not distinct' END AS nulls,
       CASE WHEN x.reloptions IS NOT NULL THEN
           (SELECT pg_catalog.json_agg(o ORDER BY o COLLATE "C") FROM pg_catalog.unnest(x.reloptions) AS o) END AS options,
       CASE WHEN x.reltablespace <> 0 THEN
           (SELECT t.spcname FROM pg_catalog.pg_tablespace AS t WHERE t.oid = x.reltablespace) END AS tablespace,
       CASE WHEN NOT x.indisvalid THEN 'not valid' END AS validity,
       CASE WHEN keys.doubtful OR NOT x.indisvalid
            THEN pg_catalog.pg_get_indexdef(x.oid) END AS definition,
       comment.description AS comment
FROM wanted AS x
JOIN keys ON keys.oid = x.oid
JOIN pg_catalog.pg_am AS method ON method.oid = x.relam
LEFT JOIN pg_catalog.pg_description AS comment
    ON comment.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND comment.objoid = x.oid AND comment.objsubid = 0
ORDER BY x.relname COLLATE "C", x.nspname COLLATE "C"
