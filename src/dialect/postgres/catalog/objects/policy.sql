-- Row-level policies.
SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, p.polname), 'policy', n.nspname::text,
       CASE WHEN pg_catalog.starts_with(p.polname, c.relname) THEN p.polname::text
            ELSE pg_catalog.format('%s_%s', c.relname, p.polname) END,
       NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE POLICY %I ON %s', p.polname, c.oid::regclass),
           CASE WHEN NOT p.polpermissive THEN ' AS RESTRICTIVE' END,
           CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
               WHEN 'd' THEN ' FOR DELETE' END,
           CASE WHEN p.polroles <> '{0}' THEN (
               SELECT ' TO ' || pg_catalog.string_agg(pg_catalog.quote_ident(r.rolname), ', ' ORDER BY r.rolname COLLATE "C")
               FROM pg_catalog.pg_roles AS r WHERE r.oid = ANY (p.polroles)) END,
           E'\n    USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid, true) || ')',
           E'\n    WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid, true) || ')',
           pg_catalog.format(E';\nCOMMENT ON POLICY %I ON %s IS ', p.polname, c.oid::regclass)
               || pg_catalog.quote_literal(pg_catalog.obj_description(p.oid, 'pg_policy'))),
       pg_catalog.format('DROP POLICY %I ON %s', p.polname, c.oid::regclass),
       NULL
FROM pg_catalog.pg_policy AS p
JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
JOIN space AS n ON n.oid = c.relnamespace
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
