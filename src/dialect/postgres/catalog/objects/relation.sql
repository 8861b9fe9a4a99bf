-- Tables that the schema language has no words for: partitioned tables and their partitions, children of other tables,
-- foreign tables, tables of a type. Each comes with all that is its own. A foreign key to another table of this kind is
-- an object of its own, because two tables may refer to each other.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),
       CASE WHEN c.relkind = 'f' THEN 'foreign table' WHEN c.relispartition THEN 'partition'
            WHEN c.relkind = 'p' THEN 'partitioned table' WHEN c.reloftype <> 0 THEN 'typed table' ELSE 'child table' END,
       n.nspname::text, c.relname::text, NULL,
       pg_catalog.concat(
           CASE WHEN c.relkind = 'f' THEN 'CREATE FOREIGN TABLE ' WHEN c.relpersistence = 'u' THEN 'CREATE UNLOGGED TABLE '
                ELSE 'CREATE TABLE ' END, n.prefix, pg_catalog.quote_ident(c.relname),
           ' OF ' || nullif(c.reloftype, 0)::regtype,
           coalesce(
               E' (\n    ' || nullif(pg_catalog.concat_ws(E',\n    ', columns.inside, constraints.inside), '') || E'\n)',
               CASE WHEN c.reloftype = 0 THEN ' ()' END),
           (SELECT pg_catalog.format(E'\nINHERITS (%s)',
                pg_catalog.string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno))
            FROM pg_catalog.pg_inherits AS h
            WHERE h.inhrelid = c.oid AND NOT c.relispartition HAVING pg_catalog.count(*) > 0),
           CASE WHEN c.relkind = 'p' THEN E'\nPARTITION BY ' || pg_catalog.pg_get_partkeydef(c.oid) END,
           (SELECT pg_catalog.format(E'\nSERVER %I', s.srvname) FROM pg_catalog.pg_foreign_server AS s WHERE s.oid = f.ftserver),
           (SELECT pg_catalog.format(' OPTIONS (%s)', pg_catalog.string_agg(
                pg_catalog.format('%I %L', o.option_name,
                    CASE WHEN o.option_name ~* '(pass|secret|token|cred)' THEN '***' ELSE o.option_value END), ', '
                ORDER BY o.option_name COLLATE "C"))
            FROM pg_catalog.pg_options_to_table(f.ftoptions) AS o HAVING pg_catalog.count(*) > 0),
           (SELECT pg_catalog.format(E'\nUSING %I', a.amname) FROM pg_catalog.pg_am AS a
            WHERE a.oid = c.relam AND a.amname <> 'heap'),
           (SELECT pg_catalog.format(E'\nWITH (%s)', pg_catalog.string_agg(
                pg_catalog.format('%s=%L', o.option_name, o.option_value), ', ' ORDER BY o.option_name COLLATE "C"))
            FROM (
                SELECT option_name, option_value FROM pg_catalog.pg_options_to_table(c.reloptions)
                UNION ALL
                SELECT 'toast.' || own.option_name, own.option_value
                FROM pg_catalog.pg_class AS toast
                CROSS JOIN pg_catalog.pg_options_to_table(toast.reloptions) AS own
                WHERE toast.oid = c.reltoastrelid) AS o HAVING pg_catalog.count(*) > 0),
           (SELECT pg_catalog.format(E'\nTABLESPACE %I', s.spcname) FROM pg_catalog.pg_tablespace AS s
            WHERE s.oid = c.reltablespace),
           columns.behind, constraints.behind, indexes.behind,
           (SELECT pg_catalog.format(E';\nALTER TABLE %s ATTACH PARTITION %s %s', h.inhparent::regclass, c.oid::regclass,
                pg_catalog.pg_get_expr(c.relpartbound, c.oid))
            FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid AND c.relispartition),
           CASE WHEN c.relrowsecurity THEN
               pg_catalog.format(E';\nALTER TABLE %s ENABLE ROW LEVEL SECURITY', c.oid::regclass) END,
           CASE WHEN c.relforcerowsecurity THEN
               pg_catalog.format(E';\nALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass) END,
           CASE WHEN c.relreplident IN ('n', 'f') AND c.relkind <> 'f' THEN
               pg_catalog.format(E';\nALTER TABLE %s REPLICA IDENTITY %s', c.oid::regclass,
                   CASE c.relreplident WHEN 'n' THEN 'NOTHING' ELSE 'FULL' END) END,
           pg_catalog.format(E';\nCOMMENT ON %s %s IS ', CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
               c.oid::regclass) || pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_class')),
           columns.comments, constraints.comments),
       pg_catalog.format('DROP %s %s', CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, c.oid::regclass),
       CASE WHEN EXISTS (
           SELECT FROM pg_catalog.pg_options_to_table(f.ftoptions || coalesce((
               SELECT pg_catalog.array_agg(option) FROM pg_catalog.pg_attribute AS a, pg_catalog.unnest(a.attfdwoptions) AS option
               WHERE a.attrelid = c.oid), '{}')) AS o
           WHERE o.option_name ~* '(pass|secret|token|cred)')
           THEN 'has options that may be secrets, which are not read' END
FROM raw
JOIN pg_catalog.pg_class AS c ON c.oid = raw.oid
JOIN space AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_foreign_table AS f ON f.ftrelid = c.oid
CROSS JOIN LATERAL (
    SELECT pg_catalog.string_agg(
               pg_catalog.concat(
                   pg_catalog.quote_ident(a.attname),
                   CASE WHEN c.reloftype <> 0 THEN ' WITH OPTIONS'
                        ELSE ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END,
                   (SELECT ' COLLATE ' || l.name FROM collating AS l
                    WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation AND c.reloftype = 0),
                   (SELECT pg_catalog.format(' OPTIONS (%s)', pg_catalog.string_agg(
                        pg_catalog.format('%I %L', o.option_name,
                            CASE WHEN o.option_name ~* '(pass|secret|token|cred)' THEN '***' ELSE o.option_value END), ', '
                        ORDER BY o.option_name COLLATE "C"))
                    FROM pg_catalog.pg_options_to_table(a.attfdwoptions) AS o HAVING pg_catalog.count(*) > 0),
                   it.value, it.numbered, it.required), E',\n    ' ORDER BY a.attnum)
               FILTER (WHERE (a.attislocal OR c.relispartition)
                   AND (c.reloftype = 0 OR it.value IS NOT NULL OR it.numbered IS NOT NULL OR it.required IS NOT NULL))
               AS inside,
           pg_catalog.string_agg(
               pg_catalog.concat(
                   CASE WHEN NOT a.attislocal AND NOT c.relispartition AND it.computed = '' THEN pg_catalog.concat(
                       CASE WHEN it.value IS NOT NULL AND it.value <> ALL (above.values) THEN
                                pg_catalog.format(E';\nALTER TABLE ONLY %s ALTER COLUMN %I SET%s', c.oid::regclass,
                                    a.attname, it.value)
                            WHEN it.value IS NULL AND above.values <> '{}' THEN
                                pg_catalog.format(E';\nALTER TABLE ONLY %s ALTER COLUMN %I DROP DEFAULT', c.oid::regclass,
                                    a.attname) END,
                       CASE WHEN a.attnotnull AND NOT above.required THEN
                           pg_catalog.format(E';\nALTER TABLE ONLY %s ALTER COLUMN %I SET NOT NULL', c.oid::regclass,
                               a.attname) END) END,
                   CASE WHEN a.attstorage <> t.typstorage THEN
                       pg_catalog.format(E';\nALTER TABLE ONLY %s ALTER COLUMN %I SET STORAGE %s', c.oid::regclass,
                           a.attname, CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                               WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END) END,
                   pg_catalog.format(E';\nALTER TABLE ONLY %s ALTER COLUMN %I SET COMPRESSION ', c.oid::regclass, a.attname)
                       || CASE it.compression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
                   pg_catalog.format(E';\nALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS ', c.oid::regclass, a.attname)
                       || nullif(a.attstattarget, -1),
                   (SELECT pg_catalog.format(E';\nALTER TABLE ONLY %s ALTER COLUMN %I SET (%s)', c.oid::regclass, a.attname,
                        pg_catalog.string_agg(pg_catalog.format('%s=%L', o.option_name, o.option_value), ', '
                            ORDER BY o.option_name COLLATE "C"))
                    FROM pg_catalog.pg_options_to_table(a.attoptions) AS o HAVING pg_catalog.count(*) > 0)),
               '' ORDER BY a.attnum) AS behind,
           pg_catalog.string_agg(
               pg_catalog.format(E';\nCOMMENT ON COLUMN %s.%I IS %L', c.oid::regclass, a.attname,
                   pg_catalog.col_description(c.oid, a.attnum)), '' ORDER BY a.attnum)
               FILTER (WHERE pg_catalog.col_description(c.oid, a.attnum) IS NOT NULL) AS comments
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    CROSS JOIN LATERAL (
        SELECT cells ->> 'attgenerated' AS computed, cells ->> 'attcompression' AS compression,
               CASE cells ->> 'attgenerated'
                   WHEN 's' THEN pg_catalog.format(' GENERATED ALWAYS AS (%s) STORED', text)
                   WHEN 'v' THEN pg_catalog.format(' GENERATED ALWAYS AS (%s)', text)
                   ELSE ' DEFAULT ' || text END AS value,
               CASE WHEN a.attnotnull THEN pg_catalog.concat(
                   (SELECT pg_catalog.format(' CONSTRAINT %I', k.conname) FROM pg_catalog.pg_constraint AS k
                    WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]
                      AND k.conname <> pg_catalog.format('%s_%s_not_null', c.relname, a.attname)),
                   ' NOT NULL') END AS required,
               CASE WHEN a.attidentity <> '' AND NOT c.relispartition THEN (
                   SELECT pg_catalog.concat(
                       CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY'
                           ELSE ' GENERATED BY DEFAULT AS IDENTITY' END,
                       pg_catalog.format(' (%s)', nullif(pg_catalog.ltrim(pg_catalog.concat(
                           CASE WHEN s.relname <> pg_catalog.format('%s_%s_seq', c.relname, a.attname)
                               THEN pg_catalog.format(' SEQUENCE NAME %s', s.oid::regclass) END,
                           g.options)), '')))
                   FROM pg_catalog.pg_depend AS owner
                   JOIN pg_catalog.pg_class AS s ON s.oid = owner.objid
                   JOIN numbering AS g ON g.oid = s.oid
                   WHERE owner.classid = 'pg_catalog.pg_class'::regclass AND owner.deptype = 'i'
                     AND owner.refclassid = 'pg_catalog.pg_class'::regclass AND owner.refobjid = c.oid
                     AND owner.refobjsubid = a.attnum) END AS numbered
        FROM (SELECT pg_catalog.to_jsonb(a) AS cells, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS text) AS given) AS it
    CROSS JOIN LATERAL (
        SELECT coalesce(pg_catalog.array_agg(' DEFAULT ' || pg_catalog.pg_get_expr(pd.adbin, pd.adrelid))
                   FILTER (WHERE pd.adbin IS NOT NULL), '{}') AS values,
               coalesce(pg_catalog.bool_or(p.attnotnull), false) AS required
        FROM pg_catalog.pg_inherits AS h
        JOIN pg_catalog.pg_attribute AS p ON p.attrelid = h.inhparent AND p.attname = a.attname
        LEFT JOIN pg_catalog.pg_attrdef AS pd ON pd.adrelid = p.attrelid AND pd.adnum = p.attnum
        WHERE h.inhrelid = c.oid) AS above
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
CROSS JOIN LATERAL (
    SELECT pg_catalog.string_agg(pg_catalog.format('CONSTRAINT %I %s', k.conname, k.definition), E',\n    ' ORDER BY k.rank, k.conname COLLATE "C")
               FILTER (WHERE k.convalidated) AS inside,
           pg_catalog.string_agg(
               pg_catalog.format(E';\nALTER TABLE %s ADD CONSTRAINT %I %s', c.oid::regclass, k.conname, k.definition), ''
               ORDER BY k.rank, k.conname COLLATE "C")
               FILTER (WHERE NOT k.convalidated) AS behind,
           pg_catalog.string_agg(
               pg_catalog.format(E';\nCOMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, c.oid::regclass, k.comment), ''
               ORDER BY k.conname COLLATE "C")
               FILTER (WHERE k.comment IS NOT NULL) AS comments
    FROM (
        SELECT conname, convalidated, pg_catalog.strpos('puxcf', contype::text) AS rank,
               pg_catalog.pg_get_constraintdef(oid, true) AS definition,
               pg_catalog.obj_description(oid, 'pg_constraint') AS comment
        FROM pg_catalog.pg_constraint
        WHERE conrelid = c.oid
          AND CASE WHEN contype = 'f' THEN conparentid = 0 AND (confrelid = c.oid OR confrelid NOT IN (SELECT oid FROM raw))
                   ELSE contype IN ('p', 'u', 'x', 'c') AND (conislocal OR c.relispartition) END) AS k) AS constraints
CROSS JOIN LATERAL (
    SELECT pg_catalog.string_agg(
               pg_catalog.concat(
                   CASE WHEN k.oid IS NULL THEN E';\n' || CASE
                       -- The server says ONLY of the index of a partitioned table, which has no partitions yet.
                       WHEN i.relkind = 'I' THEN written.start || pg_catalog.substr(written.whole,
                           pg_catalog.length(written.start) + pg_catalog.length('ONLY ') + 1)
                       ELSE written.whole END END,
                   CASE WHEN x.indisclustered THEN
                       pg_catalog.format(E';\nALTER TABLE %s CLUSTER ON %I', c.oid::regclass, i.relname) END,
                   CASE WHEN x.indisreplident THEN
                       pg_catalog.format(E';\nALTER TABLE %s REPLICA IDENTITY USING INDEX %I', c.oid::regclass,
                           i.relname) END,
                   pg_catalog.format(E';\nCOMMENT ON INDEX %s IS ', i.oid::regclass)
                       || pg_catalog.quote_literal(pg_catalog.obj_description(i.oid, 'pg_class'))),
               '' ORDER BY i.relname COLLATE "C") AS behind
    FROM pg_catalog.pg_index AS x
    JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
    LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = i.oid AND k.contype IN ('p', 'u', 'x')
    CROSS JOIN LATERAL (
        SELECT pg_catalog.pg_get_indexdef(i.oid, 0, true) AS whole,
               pg_catalog.format('CREATE %sINDEX %I ON ', CASE WHEN x.indisunique THEN 'UNIQUE ' END, i.relname) AS start)
        AS written
    WHERE x.indrelid = c.oid) AS indexes
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
