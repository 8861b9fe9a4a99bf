//! What somebody gave by hand to a raw object that is dropped and created again because its definition changed: an
//! owner, grants and their absence, a comment, indexes of a materialized view. What the scripts of the object say of
//! these themselves is left to them.

use super::dropped::{Dropped, Kind};
use super::{OPTION, grantee, role};
use crate::dialect::Carry;
use crate::dialect::postgres::quote::string;
use crate::dialect::postgres::{RULES, script};
use crate::model::RawObject;
use crate::sql::{Token, tokens};

/// Which of it the scripts of an object say nothing about.
#[derive(Clone, Copy)]
struct Silence {
    comments: bool,
    grants: bool,
    owner: bool,
}

/// Saves what an object has before its script drops it, to be made anew as another one; `None` if the script does not
/// tell what it drops.
pub(in crate::dialect::postgres::render) fn save_object(
    slot: usize,
    item: &RawObject,
    drop: &str,
    anew: &RawObject,
) -> Option<Carry> {
    let (before, after) = (Dropped::by(drop)?, Dropped::by(&anew.drop.common)?);
    let silence = Silence::of(&[&item.create.common, &anew.create.common]);
    let query = format!("WITH o AS ({})\n{}", before.found(), given(&before, &after, silence));
    (before.words == after.words).then_some(Carry::Save { slot, query })
}

/// Gives it to the object that took the place.
pub(in crate::dialect::postgres::render) fn restore_object(slot: usize, item: &RawObject) -> Option<Carry> {
    let name = Dropped::by(&item.drop.common)?.named;
    Some(Carry::Restore { slot, name, columns: "SELECT NULL WHERE false".to_owned() })
}

/// The query for the statements that give to one object what another one has.
fn given(before: &Dropped, after: &Dropped, silence: Silence) -> String {
    let (place, words) = (Carry::PLACE, before.words.as_str());
    // An aggregate is granted as a function, and every relation but a sequence as a table.
    let granted = match (before.kind, words) {
        (Kind::Routine, "AGGREGATE") => "FUNCTION ",
        (Kind::Relation | Kind::Materialized, "VIEW" | "MATERIALIZED VIEW") => "",
        _ => words,
    };
    let granted = if granted.is_empty() { String::new() } else { format!("{} ", granted.trim()) };
    let mut statements = Vec::new();
    if silence.comments {
        statements.push(format!(
                "SELECT pg_catalog.format('COMMENT ON {words} {place} IS %L', d.description), NULL FROM o \
                 JOIN pg_catalog.pg_description AS d ON d.objoid = o.oid AND d.classoid = o.catalog AND d.objsubid = 0"
            ));
    }
    let is_relation = matches!(before.kind, Kind::Relation | Kind::Materialized);
    if silence.grants {
        if !is_relation {
            // Everybody may use a new one, which somebody has taken away from this.
            statements.push(format!(
                "SELECT 'REVOKE ALL ON {granted}{place} FROM PUBLIC', NULL FROM o WHERE o.acl IS NOT NULL \
                     AND NOT EXISTS (SELECT 1 FROM pg_catalog.aclexplode(o.acl) AS g WHERE g.grantee = 0)"
            ));
        }
        statements.push(format!(
                "SELECT pg_catalog.format('GRANT %s ON {granted}{place} TO %s%s', g.privilege_type, {}, {OPTION}), NULL \
                 FROM o, pg_catalog.aclexplode(o.acl) AS g WHERE g.grantee <> o.owner",
                grantee()
            ));
    }
    // Another name would make other indexes.
    if before.kind == Kind::Materialized && before.named == after.named {
        statements.push(
            "SELECT pg_catalog.pg_get_indexdef(i.indexrelid), NULL FROM o \
                 JOIN pg_catalog.pg_index AS i ON i.indrelid = o.oid"
                .to_owned(),
        );
    }
    if silence.owner {
        // The last one: who is not the owner any more may not do the others.
        statements.push(format!(
            "SELECT pg_catalog.format('ALTER {words} {place} OWNER TO %s', {}), NULL FROM o \
                 WHERE pg_catalog.pg_get_userbyid(o.owner) <> current_user",
            role("o.owner")
        ));
    }
    if statements.is_empty() {
        statements.push("SELECT NULL, NULL WHERE false".to_owned());
    }
    statements.join("\nUNION ALL ")
}

impl Dropped {
    /// The query for its row in the catalog: none where several are meant.
    fn found(&self) -> String {
        let (catalog, prefix, visible) = match self.kind {
            Kind::Relation | Kind::Materialized => ("pg_class", "rel", "pg_table_is_visible"),
            Kind::Routine => ("pg_proc", "pro", "pg_function_is_visible"),
            Kind::Type => ("pg_type", "typ", "pg_type_is_visible"),
        };
        let name = string(&self.name);
        let place = match &self.namespace {
            Some(namespace) => format!("n.nspname = {}", string(namespace)),
            None => format!("pg_catalog.{visible}(c.oid)"),
        };
        let row = format!(
            "SELECT c.oid, c.{prefix}acl AS acl, c.{prefix}owner AS owner, 'pg_catalog.{catalog}'::regclass AS catalog, \
             count(*) OVER () AS same{arguments} FROM pg_catalog.{catalog} AS c \
             JOIN pg_catalog.pg_namespace AS n ON n.oid = c.{prefix}namespace WHERE c.{prefix}name = {name} AND {place}",
            arguments = match self.kind {
                Kind::Routine =>
                    ", pg_catalog.replace(pg_catalog.oidvectortypes(c.proargtypes), ' ', '') AS arguments",
                Kind::Relation | Kind::Materialized | Kind::Type => "",
            }
        );
        match &self.arguments {
            Some(arguments) => {
                format!(
                    "SELECT * FROM ({row}) AS all_of_it WHERE same = 1 OR arguments = {}",
                    string(arguments)
                )
            }
            None => format!("SELECT * FROM ({row}) AS all_of_it WHERE same = 1"),
        }
    }
}

impl Silence {
    fn of(scripts: &[&str]) -> Self {
        let mut silence = Self { comments: true, grants: true, owner: true };
        let statements = scripts.iter().filter_map(|text| script::statements("", text).ok()).flatten();
        for statement in statements {
            let mut tokens = tokens(statement, &RULES).filter(Token::is_significant);
            let first = tokens.next();
            let begins = |word: &str| first.as_ref().is_some_and(|token| token.is_word(word));
            if begins("COMMENT") {
                silence.comments = false;
            } else if begins("GRANT") || begins("REVOKE") {
                silence.grants = false;
            } else if begins("ALTER") && tokens.any(|token| token.is_word("OWNER")) {
                silence.owner = false;
            }
        }
        silence
    }
}
