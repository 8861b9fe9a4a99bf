-- Triggers but for those that constraints have, and for the copies that partitions get.
SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, t.tgname), 'trigger', n.nspname::text,
       CASE WHEN pg_catalog.starts_with(t.tgname, c.relname) THEN t.tgname::text
            ELSE pg_catalog.format('%s_%s', c.relname, t.tgname) END,
       NULL,
       pg_catalog.concat(
           pg_catalog.pg_get_triggerdef(t.oid, true),
           CASE WHEN t.tgenabled <> 'O' THEN
               pg_catalog.format(E';\nALTER TABLE %s %s TRIGGER %I', c.oid::regclass,
                   CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END,
                   t.tgname) END,
           pg_catalog.format(E';\nCOMMENT ON TRIGGER %I ON %s IS ', t.tgname, c.oid::regclass)
               || pg_catalog.quote_literal(pg_catalog.obj_description(t.oid, 'pg_trigger'))),
       pg_catalog.format('DROP TRIGGER %I ON %s', t.tgname, c.oid::regclass),
       NULL
FROM pg_catalog.pg_trigger AS t
-- Before PostgreSQL 13 there is no such column, and copies are internal.
CROSS JOIN (SELECT 0::oid AS tgparentid) AS older
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
JOIN space AS n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND c.relpersistence <> 't'
  AND (SELECT tgparentid FROM pg_catalog.pg_trigger AS i WHERE i.oid = t.oid) = 0
  AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
  AND NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_trigger'::regclass AND m.objid = t.oid)
UNION ALL
-- What a partition says otherwise of its copy of a trigger.
SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, t.tgname), 'trigger state', n.nspname,
       pg_catalog.format('%s_%s_state', c.relname, t.tgname), NULL,
       pg_catalog.format('ALTER TABLE %s %s TRIGGER %I', c.oid::regclass,
           CASE t.tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
               ELSE 'ENABLE ALWAYS' END, t.tgname),
       pg_catalog.format('ALTER TABLE %s %s TRIGGER %I', c.oid::regclass,
           CASE whole.tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
               ELSE 'ENABLE ALWAYS' END, t.tgname),
       NULL
FROM pg_catalog.pg_trigger AS t
CROSS JOIN (SELECT 0::oid AS tgparentid) AS older
JOIN pg_catalog.pg_trigger AS whole
    ON whole.oid = (SELECT tgparentid FROM pg_catalog.pg_trigger AS i WHERE i.oid = t.oid)
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
JOIN space AS n ON n.oid = c.relnamespace
WHERE t.tgenabled <> whole.tgenabled AND t.tgname = whole.tgname AND t.tgconstraint = 0
UNION ALL
SELECT pg_catalog.quote_ident(t.evtname), 'event trigger', NULL, t.evtname::text, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE EVENT TRIGGER %I ON %s', t.evtname, t.evtevent),
           (SELECT pg_catalog.format(E'\n    WHEN TAG IN (%s)', pg_catalog.string_agg(pg_catalog.quote_literal(tag), ', '
                ORDER BY place))
            FROM pg_catalog.unnest(t.evttags) WITH ORDINALITY AS tags (tag, place) HAVING pg_catalog.count(*) > 0),
           pg_catalog.format(E'\n    EXECUTE FUNCTION %s', t.evtfoid::regprocedure),
           CASE WHEN t.evtenabled <> 'O' THEN
               pg_catalog.format(E';\nALTER EVENT TRIGGER %I %s', t.evtname,
                   CASE t.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END) END,
           pg_catalog.format(E';\nCOMMENT ON EVENT TRIGGER %I IS ', t.evtname)
               || pg_catalog.quote_literal(pg_catalog.obj_description(t.oid, 'pg_event_trigger'))),
       pg_catalog.format('DROP EVENT TRIGGER %I', t.evtname),
       NULL
FROM pg_catalog.pg_event_trigger AS t
WHERE NOT EXISTS (
    SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_event_trigger'::regclass AND m.objid = t.oid)
