-- A definition is printed only where the cells beside it don't say it all, since that costs more than they do. So does an
-- aggregate, which one column doesn't need.
SELECT n.nspname AS namespace,
       c.relname AS relation,
       k.conname AS name,
       CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
           WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' WHEN 'n' THEN 'not null' END AS kind,
       CASE WHEN k.contype NOT IN ('p', 'u', 'f', 'n') THEN NULL
            WHEN k.conkey[2] IS NULL THEN pg_catalog.json_build_array((
                SELECT a.attname FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1]))
            ELSE (
                SELECT pg_catalog.json_agg((
                           SELECT a.attname FROM pg_catalog.pg_attribute AS a
                           WHERE a.attrelid = k.conrelid AND a.attnum = u.number) ORDER BY u.place)
                FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (number, place)) END AS columns,
       fn.nspname AS other_namespace,
       fc.relname AS other_relation,
       CASE WHEN k.contype <> 'f' THEN NULL
            WHEN k.confkey[2] IS NULL THEN pg_catalog.json_build_array((
                SELECT a.attname FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = k.confrelid AND a.attnum = k.confkey[1]))
            ELSE (
                SELECT pg_catalog.json_agg((
                           SELECT a.attname FROM pg_catalog.pg_attribute AS a
                           WHERE a.attrelid = k.confrelid AND a.attnum = u.number) ORDER BY u.place)
                FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (number, place)) END AS other_columns,
       CASE WHEN k.contype = 'f' THEN k.confdeltype END AS on_delete,
       CASE WHEN k.contype = 'f' THEN k.confupdtype END AS on_update,
       CASE WHEN k.condeferred THEN 'deferred' WHEN k.condeferrable THEN 'immediate' END AS deferrable,
       CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END AS expression,
       CASE WHEN x.indnullsnotdistinct THEN 'not distinct' END AS nulls,
       CASE WHEN i.reloptions IS NOT NULL THEN
           (SELECT pg_catalog.json_agg(o ORDER BY o COLLATE "C") FROM pg_catalog.unnest(i.reloptions) AS o) END AS options,
       CASE WHEN odd.is THEN pg_catalog.pg_get_constraintdef(k.oid) END AS definition,
       CASE WHEN NOT k.convalidated THEN 'not valid' END AS validity,
       CASE WHEN i.reltablespace <> 0 THEN
           (SELECT t.spcname FROM pg_catalog.pg_tablespace AS t WHERE t.oid = i.reltablespace) END AS tablespace,
       CASE WHEN fc.relkind <> 'r' OR fc.relispartition OR fc.reloftype <> 0
                OR k.confrelid IN (SELECT h.inhrelid FROM pg_catalog.pg_inherits AS h) THEN 'object' END AS other_kind,
       comment.description AS comment
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
-- What a server is too old to have is found one level further out.
CROSS JOIN (
    SELECT true AS conenforced, false AS conperiod, false AS indnullsnotdistinct, NULL::smallint[] AS confdelsetcols
) AS older
CROSS JOIN LATERAL (
    SELECT k.oid, k.conname, k.contype, k.conrelid, k.conindid, k.confrelid, k.conkey, k.confkey, k.conbin,
           k.confdeltype, k.confupdtype, k.confmatchtype, k.condeferrable, k.condeferred, k.convalidated, k.connoinherit,
           conenforced, conperiod, confdelsetcols
    FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = c.oid) AS k
LEFT JOIN pg_catalog.pg_class AS fc ON fc.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace AS fn ON fn.oid = fc.relnamespace
LEFT JOIN pg_catalog.pg_class AS i ON i.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN LATERAL (
    SELECT x.indexrelid, x.indnatts, x.indnkeyatts, indnullsnotdistinct
    FROM pg_catalog.pg_index AS x WHERE x.indexrelid = i.oid) AS x ON true
CROSS JOIN LATERAL (
    SELECT k.contype IN ('x', 'n') OR NOT k.convalidated OR NOT k.conenforced
        OR k.conperiod OR k.confdelsetcols IS NOT NULL OR k.contype = 'f' AND k.confmatchtype = 'f'
        OR k.contype = 'c' AND k.connoinherit OR k.contype = 'p' AND k.condeferrable
        OR x.indnatts > x.indnkeyatts AS is) AS odd
LEFT JOIN pg_catalog.pg_description AS comment
    ON comment.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND comment.objoid = k.oid
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x', 'n')
  -- Since PostgreSQL 18, every NOT NULL has a name; one that the server gave says nothing more than the column does.
  AND NOT (k.contype = 'n' AND k.convalidated AND NOT k.connoinherit AND k.conname LIKE '%\_not\_null%'
           AND comment.description IS NULL)
  AND c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0
  AND c.oid NOT IN (SELECT h.inhrelid FROM pg_catalog.pg_inherits AS h)
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
  AND c.relname NOT LIKE 'schemactl\_journal%' AND c.relname NOT LIKE 'schemactl\_observed%'
  AND c.oid NOT IN (
      SELECT d.objid FROM pg_catalog.pg_depend AS d
      WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
        AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
ORDER BY k.conname COLLATE "C", c.relname COLLATE "C", n.nspname COLLATE "C"
