//! What somebody gave by hand to a view that is dropped and created again because of something beneath it: it would be
//! gone with the old one, and nobody has asked for that.

mod dropped;
mod object;

pub(super) use object::{restore_object, save_object};

use crate::dialect::Carry;
use crate::name::ObjectName;

use super::super::quote::{object, string};

/// Whether who has a grant may hand it on.
const OPTION: &str = "CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";

/// The name of a role by its number in the catalog.
fn role(id: &str) -> String {
    format!(
        "CASE {id} WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid({id})) END"
    )
}

/// Who has a grant.
fn grantee() -> String {
    role("g.grantee")
}

/// Saves what a view has; its comment only if the schema has none for it.
pub(super) fn save(slot: usize, view: &ObjectName, is_commented: bool) -> Carry {
    let place = Carry::PLACE;
    let grantee = grantee();
    let statements = [
        format!(
            "SELECT pg_catalog.format('ALTER VIEW {place} SET (%s)', pg_catalog.string_agg(o, ', ')), NULL \
             FROM v, pg_catalog.unnest(v.reloptions) AS o WHERE o LIKE 'security%' HAVING count(*) > 0"
        ),
        format!(
            "SELECT pg_catalog.format('ALTER VIEW {place} ALTER COLUMN %I SET DEFAULT %s', a.attname, \
             pg_catalog.pg_get_expr(d.adbin, d.adrelid)), a.attname FROM v \
             JOIN a ON true JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = v.oid AND d.adnum = a.attnum"
        ),
        format!(
            "SELECT pg_catalog.replace(pg_catalog.pg_get_triggerdef(t.oid), ' ON ' || v.named || ' ', ' ON {place} '), \
             NULL FROM v JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = v.oid AND NOT t.tgisinternal"
        ),
        format!(
            "SELECT pg_catalog.rtrim(pg_catalog.replace(pg_catalog.pg_get_ruledef(r.oid), ' TO ' || v.named, \
             ' TO {place}'), ';'), NULL \
             FROM v JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = v.oid AND r.rulename <> '_RETURN'"
        ),
        format!(
            "SELECT pg_catalog.format('COMMENT ON VIEW {place} IS %L', d.description), NULL FROM v \
             JOIN pg_catalog.pg_description AS d ON d.objoid = v.oid \
             AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0 AND NOT {is_commented}"
        ),
        format!(
            "SELECT pg_catalog.format('COMMENT ON COLUMN {place}.%I IS %L', a.attname, d.description), a.attname FROM v \
             JOIN a ON true JOIN pg_catalog.pg_description AS d ON d.objoid = v.oid \
             AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = a.attnum"
        ),
        format!(
            "SELECT pg_catalog.format('GRANT %s ON {place} TO %s%s', g.privilege_type, {grantee}, {OPTION}), NULL \
             FROM v, pg_catalog.aclexplode(v.relacl) AS g WHERE g.grantee <> v.relowner"
        ),
        format!(
            "SELECT pg_catalog.format('GRANT %s (%I) ON {place} TO %s%s', g.privilege_type, a.attname, {grantee}, \
             {OPTION}), a.attname FROM v, a, pg_catalog.aclexplode(a.attacl) AS g WHERE g.grantee <> v.relowner"
        ),
        // The last one: who is not the owner any more may not do the others.
        format!(
            "SELECT pg_catalog.format('ALTER VIEW {place} OWNER TO %s', {}), NULL FROM v \
             WHERE pg_catalog.pg_get_userbyid(v.relowner) <> current_user",
            role("v.relowner")
        ),
    ];
    let statements = statements.join("\nUNION ALL ");
    let query = format!(
        "WITH v AS (SELECT c.oid, c.relacl, c.reloptions, c.relowner, pg_catalog.quote_ident(n.nspname) || '.' || \
         pg_catalog.quote_ident(c.relname) AS named FROM pg_catalog.pg_class AS c \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = {of}::regclass),\n\
         a AS (SELECT * FROM pg_catalog.pg_attribute WHERE attrelid = {of}::regclass AND attnum > 0)\n{statements}",
        of = string(&object(view)),
    );
    Carry::Save { slot, query }
}

/// Gives it to the view that took the place.
pub(super) fn restore(slot: usize, view: &ObjectName) -> Carry {
    let name = object(view);
    let columns = format!(
        "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = {}::regclass AND attnum > 0",
        string(&name)
    );
    Carry::Restore { slot, name, columns }
}
