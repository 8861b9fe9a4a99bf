-- The columns of a table come in its order, which is not compared. What few columns have is looked up for those alone.
SELECT n.nspname AS namespace,
       c.relname AS relation,
       a.attname AS name,
       t.enum_namespace,
       COALESCE(t.enum, pg_catalog.format_type(COALESCE(t.element, t.oid), a.atttypmod)) AS type,
       CASE WHEN t.element IS NOT NULL THEN GREATEST(a.attndims, 1) END AS dimensions,
       CASE WHEN a.attnotnull THEN 'not null' END AS nullability,
       co.collation_namespace,
       co.collation,
       CASE WHEN a.atthasdef THEN (
           SELECT CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, 0)
                       ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
           FROM pg_catalog.pg_attrdef AS d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END AS expression,
       CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
       CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
       CASE WHEN a.attidentity <> '' THEN (
           SELECT pg_catalog.json_build_array(pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin,
                      s.seqmax, s.seqcache, s.seqcycle)
           FROM pg_catalog.pg_depend AS sd
           JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = sd.objid
           WHERE sd.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND sd.refobjid = a.attrelid
             AND sd.refobjsubid = a.attnum AND sd.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
             AND sd.deptype = 'i') END AS sequence,
       CASE WHEN a.attstorage <> t.typstorage THEN
           pg_catalog.concat(a.attstorage, t.typstorage) END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
       NULLIF(a.attstattarget, -1) AS statistics,
       CASE WHEN a.attoptions IS NOT NULL THEN
           (SELECT pg_catalog.json_agg(o ORDER BY o COLLATE "C") FROM pg_catalog.unnest(a.attoptions) AS o) END AS options,
       comment.description AS comment,
       CASE WHEN a.atthasdef AND a.attnotnull AND a.attidentity = '' AND a.attgenerated = ''
                -- Those that own a sequence are found at once, since to look at each of the others would cost more.
                AND (a.attrelid, a.attnum::integer) IN (
                    SELECT od.refobjid, od.refobjsubid
                    FROM pg_catalog.pg_sequence AS oq
                    JOIN pg_catalog.pg_depend AS od ON od.objid = oq.seqrelid
                    WHERE od.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND od.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND od.deptype = 'a') THEN (
           -- The sequence of a column that is as `serial` makes it, and that nothing else uses.
           SELECT s.relname
           FROM pg_catalog.pg_depend AS sd
           JOIN pg_catalog.pg_class AS s ON s.oid = sd.objid
           JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = s.oid
           JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
           WHERE sd.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND sd.refobjid = a.attrelid
             AND sd.refobjsubid = a.attnum AND sd.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
             AND sd.deptype = 'a' AND s.relnamespace = c.relnamespace AND q.seqtypid = a.atttypid
             AND (s.relpersistence = c.relpersistence
                  OR pg_catalog.current_setting('server_version_num')::integer < 150000)
             AND (q.seqstart, q.seqincrement, q.seqmin, q.seqcache, q.seqcycle) = (1, 1, 1, 1, false)
             AND q.seqmax = CASE pg_catalog.format_type(q.seqtypid, NULL) WHEN 'smallint' THEN 32767
                                WHEN 'integer' THEN 2147483647 ELSE 9223372036854775807 END
             AND pg_catalog.obj_description(s.oid, 'pg_class') IS NULL
             AND pg_catalog.pg_get_expr(d.adbin, 0) = pg_catalog.format('nextval(''%s''::regclass)',
                      -- As the server prints it: without the escapes that `%L` would use.
                      pg_catalog.replace(s.oid::pg_catalog.regclass::text, '''', ''''''))
             AND NOT EXISTS (
                 SELECT FROM pg_catalog.pg_depend AS other
                 WHERE other.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND other.refobjid = s.oid
                   AND other.classid <> 'pg_catalog.pg_type'::pg_catalog.regclass
                   AND (other.classid, other.objid) <> ('pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid))) END AS serial
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
-- What a server is too old to have is found one level further out.
CROSS JOIN (SELECT ''::"char" AS attgenerated, ''::"char" AS attcompression) AS older
CROSS JOIN LATERAL (
    SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef, a.attcollation, a.attidentity,
           a.attndims, a.attstorage, a.attstattarget, a.attoptions, attgenerated, attcompression
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS a
JOIN (
    -- Apart, since the server would sort all columns by type to find the types by their index.
    SELECT t.oid, t.typcollation, t.typstorage, t.element, e.namespace AS enum_namespace, e.enum
    FROM (
        SELECT t.oid, t.typcollation, t.typstorage,
               CASE WHEN t.typtype = 'b' AND t.typcategory = 'A' AND t.typlen = -1 AND t.typelem <> 0 THEN t.typelem END
                   AS element
        FROM pg_catalog.pg_type AS t) AS t
    LEFT JOIN (
        SELECT t.oid, n.nspname AS namespace, t.typname AS enum
        FROM pg_catalog.pg_type AS t
        JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
        WHERE t.typtype = 'e') AS e ON e.oid = COALESCE(t.element, t.oid)
    OFFSET 0) AS t ON t.oid = a.atttypid
LEFT JOIN (
    SELECT co.oid, cn.nspname AS collation_namespace, co.collname AS collation
    FROM pg_catalog.pg_collation AS co
    JOIN pg_catalog.pg_namespace AS cn ON cn.oid = co.collnamespace) AS co
    ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_description AS comment
    ON comment.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND comment.objoid = a.attrelid
    AND comment.objsubid = a.attnum
WHERE c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0
  AND c.oid NOT IN (SELECT h.inhrelid FROM pg_catalog.pg_inherits AS h)
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
  AND c.relname NOT LIKE 'schemactl\_journal%' AND c.relname NOT LIKE 'schemactl\_observed%'
  AND c.oid NOT IN (
      SELECT d.objid FROM pg_catalog.pg_depend AS d
      WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
        AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
ORDER BY c.oid, a.attnum
