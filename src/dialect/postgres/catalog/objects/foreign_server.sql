-- What foreign tables rest on: wrappers, servers, user mappings. What may be a secret is not read, and what has one
-- can't be created from here.
SELECT f.identity, f.kind, NULL, f.name, NULL,
       pg_catalog.concat(
           f."create", ' OPTIONS (' || given.list || ')',
           pg_catalog.format(E';\nCOMMENT ON %s %s IS ', pg_catalog.upper(f.kind), f.identity)
               || pg_catalog.quote_literal(f.comment)),
       f."drop",
       CASE WHEN given.secret THEN 'has options that may be secrets, which are not read'
            WHEN f.kind = 'user mapping' AND f.options IS NULL
                AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER)
                THEN 'may have options that this role can''t see' END
FROM (
    SELECT 'foreign data wrapper' AS kind, pg_catalog.quote_ident(w.fdwname) AS identity, w.fdwname::text AS name,
           pg_catalog.concat(
               pg_catalog.format('CREATE FOREIGN DATA WRAPPER %I', w.fdwname),
               ' HANDLER ' || nullif(w.fdwhandler::regproc::text, '-'),
               ' VALIDATOR ' || nullif(w.fdwvalidator::regproc::text, '-')) AS "create",
           pg_catalog.format('DROP FOREIGN DATA WRAPPER %I', w.fdwname) AS "drop",
           pg_catalog.obj_description(w.oid, 'pg_foreign_data_wrapper') AS comment, w.fdwoptions AS options
    FROM pg_catalog.pg_foreign_data_wrapper AS w
    WHERE NOT EXISTS (
        SELECT FROM member AS m
        WHERE m.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass AND m.objid = w.oid)
    UNION ALL
    SELECT 'server', pg_catalog.quote_ident(s.srvname), s.srvname,
           pg_catalog.concat(
               pg_catalog.format('CREATE SERVER %I', s.srvname),
               ' TYPE ' || pg_catalog.quote_literal(s.srvtype), ' VERSION ' || pg_catalog.quote_literal(s.srvversion),
               pg_catalog.format(' FOREIGN DATA WRAPPER %I', w.fdwname)),
           pg_catalog.format('DROP SERVER %I', s.srvname),
           pg_catalog.obj_description(s.oid, 'pg_foreign_server'), s.srvoptions
    FROM pg_catalog.pg_foreign_server AS s
    JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
    WHERE NOT EXISTS (
        SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_foreign_server'::regclass AND m.objid = s.oid)
    UNION ALL
    SELECT 'user mapping', pg_catalog.format('FOR %s SERVER %I', whose.role, u.srvname),
           pg_catalog.format('%s_%s', u.srvname, whose.name),
           pg_catalog.format('CREATE USER MAPPING FOR %s SERVER %I', whose.role, u.srvname),
           pg_catalog.format('DROP USER MAPPING FOR %s SERVER %I', whose.role, u.srvname),
           NULL, u.umoptions
    FROM pg_catalog.pg_user_mappings AS u
    CROSS JOIN LATERAL (
        SELECT CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(u.usename) END AS role,
               CASE u.umuser WHEN 0 THEN 'public' ELSE u.usename::text END AS name) AS whose
) AS f
CROSS JOIN LATERAL (
    SELECT pg_catalog.string_agg(
               pg_catalog.format('%I %L', o.option_name, CASE WHEN secret.likely THEN '***' ELSE o.option_value END),
               ', ' ORDER BY o.option_name COLLATE "C") AS list,
           pg_catalog.bool_or(secret.likely) AS secret
    FROM pg_catalog.pg_options_to_table(f.options) AS o
    CROSS JOIN LATERAL (
        SELECT o.option_name ~* '(pass|secret|token|key|cred|auth|cert|conn)'
               OR f.kind = 'user mapping' AND o.option_name NOT IN ('user', 'username') AS likely) AS secret) AS given
