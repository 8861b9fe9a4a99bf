-- What stands before every query of this folder. `space` has the namespaces of the schema, with what goes before a
-- name in them; `member` what belongs to extensions; `raw` the tables that the schema language has no words for;
-- `numbering` what is unusual of sequences; `collating` how collations are written; `part` what operator classes and
-- families are made of.
WITH space AS (
    SELECT oid, nspname,
           CASE WHEN nspname = pg_catalog.current_schema() THEN '' ELSE pg_catalog.quote_ident(nspname) || '.' END
               AS prefix
    FROM pg_catalog.pg_namespace
    WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
), member AS (
    SELECT classid, objid FROM pg_catalog.pg_depend
    WHERE refclassid = 'pg_catalog.pg_extension'::regclass AND deptype = 'e'
), raw AS (
    SELECT c.oid FROM pg_catalog.pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
      AND (c.relkind <> 'r' OR c.relispartition OR c.reloftype <> 0
          OR EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid))
), numbering AS (
    SELECT s.seqrelid AS oid,
           pg_catalog.concat(
               CASE WHEN s.seqincrement <> 1 THEN ' INCREMENT BY ' || s.seqincrement END,
               CASE WHEN s.seqmin <> CASE WHEN s.seqincrement > 0 THEN 1 ELSE -type.top - 1 END
                   THEN ' MINVALUE ' || s.seqmin END,
               CASE WHEN s.seqmax <> CASE WHEN s.seqincrement > 0 THEN type.top ELSE -1 END
                   THEN ' MAXVALUE ' || s.seqmax END,
               CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END
                   THEN ' START WITH ' || s.seqstart END,
               CASE WHEN s.seqcache <> 1 THEN ' CACHE ' || s.seqcache END,
               CASE WHEN s.seqcycle THEN ' CYCLE' END) AS options
    FROM pg_catalog.pg_sequence AS s
    CROSS JOIN LATERAL (
        SELECT CASE s.seqtypid WHEN 'smallint'::regtype THEN 32767 WHEN 'integer'::regtype THEN 2147483647
                   ELSE 9223372036854775807 END AS top) AS type
), collating AS (
    SELECT l.oid, CASE WHEN pg_catalog.pg_collation_is_visible(l.oid) THEN pg_catalog.quote_ident(l.collname)
                      ELSE pg_catalog.format('%I.%I', s.nspname, l.collname) END AS name
    FROM pg_catalog.pg_collation AS l
    JOIN pg_catalog.pg_namespace AS s ON s.oid = l.collnamespace
), part AS (
    SELECT d.refclassid AS class, d.refobjid AS owner,
           pg_catalog.concat(
               pg_catalog.format('OPERATOR %s %s', o.amopstrategy, o.amopopr::regoperator),
               (SELECT pg_catalog.format(' FOR ORDER BY %I.%I', s.nspname, f.opfname)
                FROM pg_catalog.pg_opfamily AS f JOIN pg_catalog.pg_namespace AS s ON s.oid = f.opfnamespace
                WHERE f.oid = o.amopsortfamily)) AS item
    FROM pg_catalog.pg_amop AS o
    JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_amop'::regclass AND d.objid = o.oid
    WHERE d.refclassid IN ('pg_catalog.pg_opclass'::regclass, 'pg_catalog.pg_opfamily'::regclass)
    UNION ALL
    SELECT d.refclassid, d.refobjid,
           pg_catalog.format('FUNCTION %s (%s, %s) %s', p.amprocnum, pg_catalog.format_type(p.amproclefttype, NULL),
               pg_catalog.format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
    FROM pg_catalog.pg_amproc AS p
    JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_amproc'::regclass AND d.objid = p.oid
    WHERE d.refclassid IN ('pg_catalog.pg_opclass'::regclass, 'pg_catalog.pg_opfamily'::regclass)
)
SELECT identity, kind, namespace, name, overloaded, "create", "drop", reason FROM (
