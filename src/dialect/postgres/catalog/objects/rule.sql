-- Rules but for the one that makes a view.
SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, r.rulename), 'rule', n.nspname::text,
       CASE WHEN pg_catalog.starts_with(r.rulename, c.relname) THEN r.rulename::text
            ELSE pg_catalog.format('%s_%s', c.relname, r.rulename) END,
       NULL,
       pg_catalog.concat(
           pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid, true), ';'),
           CASE WHEN r.ev_enabled <> 'O' THEN
               pg_catalog.format(E';\nALTER TABLE %s %s RULE %I', c.oid::regclass,
                   CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END,
                   r.rulename) END,
           pg_catalog.format(E';\nCOMMENT ON RULE %I ON %s IS ', r.rulename, c.oid::regclass)
               || pg_catalog.quote_literal(pg_catalog.obj_description(r.oid, 'pg_rewrite'))),
       pg_catalog.format('DROP RULE %I ON %s', r.rulename, c.oid::regclass),
       NULL
FROM pg_catalog.pg_rewrite AS r
JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class
JOIN space AS n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
  AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_rewrite'::regclass AND m.objid = r.oid)
