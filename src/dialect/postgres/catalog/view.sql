SELECT n.nspname AS namespace,
       c.relname AS name,
       pg_catalog.pg_get_viewdef(c.oid, true) AS definition,
       columns.columns,
       columns.comments AS column_comments,
       columns.defaults AS column_defaults,
       CASE WHEN c.reloptions IS NOT NULL THEN
           (SELECT pg_catalog.json_agg(o ORDER BY o COLLATE "C") FROM pg_catalog.unnest(c.reloptions) AS o) END AS options,
       CASE WHEN c.reloptions IS NOT NULL THEN pg_catalog.format('%I.%I', n.nspname, c.relname) END AS identity,
       comment.description AS comment
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN (
    SELECT a.attrelid,
           pg_catalog.string_agg(
               pg_catalog.format('%I %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)), ', '
               ORDER BY a.attnum) AS columns,
           pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, comment.description) ORDER BY a.attnum)
               FILTER (WHERE comment.description IS NOT NULL) AS comments,
           pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, pg_catalog.pg_get_expr(d.adbin, 0)) ORDER BY a.attnum)
               FILTER (WHERE d.adbin IS NOT NULL) AS defaults
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'v'
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_description AS comment
        ON comment.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND comment.objoid = a.attrelid
        AND comment.objsubid = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
    GROUP BY a.attrelid) AS columns ON columns.attrelid = c.oid
LEFT JOIN pg_catalog.pg_description AS comment
    ON comment.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND comment.objoid = c.oid AND comment.objsubid = 0
WHERE c.relkind = 'v'
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
