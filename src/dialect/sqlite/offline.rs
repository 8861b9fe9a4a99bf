//! Scripts for the program `sqlite3`. SQLite can't raise an error by itself, so what must hold is inserted into a
//! temporary table whose constraint bears the message.

use super::quote;
use crate::dialect::{Circumstances, Copied, Offline, Rebuild, Version};

/// How scripts for SQLite are written.
pub(super) struct Script;

/// The file that a part of a script goes through which runs on a condition; it is empty afterwards.
const NEXT: &str = "schemactl-next.sql";

/// The rows that violate a foreign key.
const VIOLATIONS: &str = "SELECT \"table\", rowid AS number, parent FROM pragma_foreign_key_check";

impl Offline for Script {
    fn command(&self, _: Version) -> &'static str {
        "sqlite3 DATABASE < FILE"
    }

    fn head(&self) -> &'static str {
        ".bail on\nPRAGMA foreign_keys = ON;\n"
    }

    fn begin(&self, unguarded: bool) -> Vec<String> {
        let mut begin = Vec::new();
        if unguarded {
            begin.push("PRAGMA foreign_keys = OFF".to_owned());
        }
        begin.push("BEGIN IMMEDIATE".to_owned());
        begin.push("CREATE TEMP TABLE schemactl_clock AS SELECT julianday('now') AS started".to_owned());
        if unguarded {
            begin.push(format!("CREATE TEMP TABLE schemactl_violations AS {VIOLATIONS}"));
        }
        begin
    }

    fn commit(&self, unguarded: bool) -> Vec<String> {
        let mut commit = Vec::new();
        if unguarded {
            let fresh = format!("{VIOLATIONS} EXCEPT SELECT * FROM temp.schemactl_violations");
            let message = "a row refers to a row that is not there: see PRAGMA foreign_key_check";
            commit.extend(self.assert(&format!("NOT EXISTS ({fresh})"), message));
            commit.push("DROP TABLE temp.schemactl_violations".to_owned());
        }
        commit.push("DROP TABLE temp.schemactl_clock".to_owned());
        commit.push("COMMIT".to_owned());
        if unguarded {
            commit.push("PRAGMA foreign_keys = ON".to_owned());
        }
        commit
    }

    fn lock(&self, _table: &str) -> Option<String> {
        None
    }

    fn assert(&self, condition: &str, message: &str) -> Vec<String> {
        let message = quote::name(message);
        vec![
            format!("CREATE TEMP TABLE schemactl_check (holds CONSTRAINT {message} CHECK (holds IS TRUE))"),
            format!("INSERT INTO temp.schemactl_check SELECT ({condition})"),
            "DROP TABLE temp.schemactl_check".to_owned(),
        ]
    }

    fn rebuild(&self, rebuild: &Rebuild) -> Vec<String> {
        let Rebuild { create, copy, sequence, replacement, finish, triggers, .. } = rebuild;
        let mut statements = self.before(rebuild);
        statements.extend([create.clone(), copy.clone()]);
        statements.extend(self.copied(rebuild));
        statements.extend(sequence.iter().chain(replacement).chain(finish).chain(triggers).cloned());
        statements
    }

    /// The program has no conditions, but it reads what a query has written to a file.
    fn only_if(&self, condition: &str, part: &str) -> String {
        let text = quote::text(part);
        format!(
            ".mode list\n.headers off\n.once {NEXT}\nSELECT CASE WHEN ({condition}) THEN {text} ELSE '' END;\n\
             .read {NEXT}\n.once {NEXT}\nSELECT '';\n"
        )
    }

    fn circumstances(&self) -> Circumstances {
        Circumstances {
            started: "strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT started FROM temp.schemactl_clock))",
            finished: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
            milliseconds: "CAST(round((julianday('now') - (SELECT started FROM temp.schemactl_clock)) * 86400000) AS integer)",
            actor: "'sqlite3@localhost'",
        }
    }
}

impl Script {
    /// Nothing gets lost that no revision created: other columns, indexes, triggers.
    fn before(
        &self,
        Rebuild { table, live: definition, columns, known, triggers, .. }: &Rebuild,
    ) -> Vec<String> {
        let text = quote::text(table);
        let list = |names: &[String]| quote::list(names.iter().map(|name| quote::text(&name.to_lowercase())));
        let live = format!("SELECT count(*) FROM pragma_table_xinfo({text})");
        let held = format!("{live} WHERE lower(name) IN ({})", list(columns));
        let count = columns.len();
        let on_table = format!(
            "SELECT count(*) FROM sqlite_schema WHERE lower(tbl_name) = lower({text}) AND sql IS NOT NULL"
        );
        let indexes = format!("{on_table} AND type = 'index' AND lower(name) NOT IN ({})", list(known));
        let mut checks = self.assert(
            &format!("({live}) = {count} AND ({held}) = {count}"),
            &format!("table {table} has other columns than the revisions created"),
        );
        checks.extend(self.assert(
            &format!("({indexes}) = 0 AND ({on_table} AND type = 'trigger') = {}", triggers.len()),
            &format!("table {table} has indexes or triggers that no revision created: use schemactl apply"),
        ));
        checks.extend(self.constraints(table, definition));
        checks
    }

    /// The table has no more constraints than the one that the revisions created, which is made beside it for the moment:
    /// the library counts them, but for checks, of which it keeps the text alone.
    fn constraints(&self, table: &str, definition: &str) -> Vec<String> {
        let (text, name) = (quote::text(table), quote::name(table));
        // Numbers that a temporary table gives out would be kept where those of the real ones are looked for.
        let definition =
            definition.replacen("CREATE TABLE", "CREATE TEMP TABLE", 1).replace(" AUTOINCREMENT", "");
        let blanks = ["' '", "char(9)", "char(10)", "char(13)"];
        let bare =
            blanks.iter().fold("upper(sql)".to_owned(), |sql, blank| format!("replace({sql}, {blank}, '')"));
        let counts = |schema: &str, catalog: &str| {
            let of = |pragma: &str| format!("pragma_{pragma}({text}, '{schema}')");
            [
                format!("SELECT count(*) FROM {} WHERE origin <> 'c'", of("index_list")),
                format!("SELECT count(*) FROM {} WHERE pk > 0", of("table_info")),
                format!("SELECT count(*) FROM {}", of("foreign_key_list")),
                format!(
                    "SELECT length({bare}) - length(replace({bare}, 'CHECK(', '')) FROM {catalog} \
                     WHERE type = 'table' AND lower(name) = lower({text})"
                ),
            ]
        };
        let pairs =
            counts("main", "main.sqlite_schema").into_iter().zip(counts("temp", "sqlite_temp_schema"));
        let conditions: Vec<String> = pairs.map(|(live, known)| format!("({live}) <= ({known})")).collect();
        let mut checks = vec![definition];
        checks.extend(self.assert(
            &conditions.join(" AND "),
            &format!("table {table} has constraints that no revision created: use schemactl apply"),
        ));
        checks.push(format!("DROP TABLE temp.{name}"));
        checks
    }

    /// Every row was copied, and no value changed its class, or those that did have one that the type allows.
    fn copied(&self, Rebuild { table, scratch, copied, .. }: &Rebuild) -> Vec<String> {
        let (old, new) = (quote::name(table), quote::name(scratch));
        let count = |of: &str| format!("(SELECT count(*) FROM {of})");
        let mut checks = self.assert(
            &format!("{} = {}", count(&old), count(&new)),
            &format!("not every row of table {table} was copied"),
        );
        for Copied { column, classes } in copied {
            let name = quote::name(column);
            let condition = match classes {
                Some([]) => continue,
                Some(classes) => {
                    let allowed = quote::list(classes.iter().map(|class| quote::text(class)));
                    format!(
                        "NOT EXISTS (SELECT 1 FROM {new} WHERE typeof({name}) NOT IN ('null', {allowed}))"
                    )
                }
                None => {
                    let census = |of: &str| format!("SELECT typeof({name}), count(*) FROM {of} GROUP BY 1");
                    format!("NOT EXISTS ({} EXCEPT {})", census(&new), census(&old))
                }
            };
            let message = format!("values of {table}.{column} can't become of the new type");
            checks.extend(self.assert(&condition, &message));
        }
        checks
    }
}
