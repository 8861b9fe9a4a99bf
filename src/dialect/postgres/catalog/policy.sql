SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, p.polname) AS name,
       CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END AS kind,
       CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete'
           ELSE 'all' END AS command,
       (SELECT pg_catalog.string_agg(CASE r WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(r)::text END, ', '
            ORDER BY pg_catalog.pg_get_userbyid(r) COLLATE "C")
        FROM pg_catalog.unnest(p.polroles) AS r) AS roles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS condition,
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS written,
       pg_catalog.obj_description(p.oid, 'pg_policy') AS comment
FROM pg_catalog.pg_policy AS p
JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND c.relname NOT IN ('schemactl_journal', 'schemactl_observed')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", p.polname COLLATE "C"
