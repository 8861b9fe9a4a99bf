//! Facts: what of an object can differ, each in one spelling. A constraint that stands at a column and the same
//! constraint behind the columns are one fact. What is not understood is a fact as a whole, so that no difference
//! gets lost.

use super::listing::{Content, Listing, Object};
use crate::dialect::CatalogRow;
use crate::dialect::sqlite::definition::{ColumnDef, Computed, Definition, Rule};
use crate::dialect::sqlite::normal::normal;
use crate::dialect::sqlite::{ddl, quote, types, written};

/// The facts in the rows of the catalog's query: the object, what the fact is about, its name, the fact.
pub(in crate::dialect::sqlite) fn normalise(rows: &[CatalogRow]) -> Vec<CatalogRow> {
    Listing::new(rows).objects.iter().flat_map(facts).collect()
}

fn facts(object: &Object) -> Vec<CatalogRow> {
    let Object { name, kind, table, sql, content } = object;
    match content {
        Content::Table(table) => {
            let Definition { name: _, columns, constraints, indexes: _, strict, without_rowid } = table;
            let options = [(*strict, "strict"), (*without_rowid, "without rowid")];
            let options: Vec<&str> =
                options.into_iter().filter_map(|(on, word)| on.then_some(word)).collect();
            let mut facts = vec![cells([name, "table", "", &options.join(", ")])];
            let key = table.rowid_key().map(|column| column.name.as_str());
            let column = |one: &ColumnDef| column(one, key == Some(&one.name));
            facts.extend(columns.iter().map(|one| cells([name, "column", &one.name, &column(one)])));
            facts.extend(constraints.iter().map(|one| {
                let numbered =
                    matches!(one.rule, Rule::PrimaryKey(_)) && columns.iter().any(|column| column.numbered);
                let numbered = if numbered { " autoincrement" } else { "" };
                cells([name, "constraint", &one.name, &(rule(&one.rule) + numbered)])
            }));
            facts
        }
        Content::Index(written) => {
            let text = normal(&ddl::create_index(&written.definition, &written.table));
            vec![cells([name, kind, table, &text])]
        }
        Content::Other => vec![cells([name, kind, table, &normal(sql)])],
    }
}

fn cells(texts: [&str; 4]) -> CatalogRow {
    texts.map(|text| Some(text.to_owned())).to_vec()
}

/// A column without its name and its constraints; whether it is the whole primary key of a table with rowids matters.
fn column(column: &ColumnDef, is_key: bool) -> String {
    let ColumnDef {
        name: _,
        declared,
        kind: _,
        not_null,
        conflict,
        default,
        computed,
        collation,
        numbered: _,
    } = column;
    let mut facts = vec![normal(&types::folded(declared, is_key))];
    facts.extend(collation.as_ref().map(|name| format!("collate {}", name.to_ascii_lowercase())));
    facts.extend(not_null.then(|| "not null".to_owned()));
    facts.extend(conflict.map(|conflict| format!("on conflict {}", conflict.word())));
    facts.extend(default.as_ref().map(|default| format!("default {}", normal(default))));
    facts.extend(computed.as_ref().map(|Computed { expression, stored }| {
        let stored = if *stored { " stored" } else { "" };
        format!("as {}{stored}", normal(&quote::expression(expression)))
    }));
    facts.retain(|fact| !fact.is_empty());
    facts.join(", ")
}

fn rule(rule: &Rule) -> String {
    normal(&ddl::rule(rule))
}

/// The constraints of one CREATE TABLE that another doesn't have, whatever their names are.
pub(in crate::dialect::sqlite) fn unknown_constraints(live: &str, known: &str) -> Vec<String> {
    let known = written::table(known).map(|known| essences(&known)).unwrap_or_default();
    let Some(live) = written::table(live) else { return Vec::new() };
    let unknown =
        essences(&live).into_iter().filter(|(essence, _)| !known.iter().any(|(known, _)| known == essence));
    unknown.map(|(_, text)| text).collect()
}

/// What each constraint of a table is about, and as a text.
fn essences(table: &Definition) -> Vec<(String, String)> {
    let columns = table.columns.iter().filter_map(|column| {
        let conflict = column.conflict?.word();
        let text = normal(&format!("{} not null on conflict {conflict}", quote::name(&column.name)));
        Some((text.clone(), text))
    });
    let constraints = table.constraints.iter().map(|one| (essence(&one.rule), rule(&one.rule)));
    constraints.chain(columns).collect()
}

/// What a constraint is about. A primary key is the only one of its table, and two foreign keys between the same
/// columns are one; what they do besides is not more than the state says.
fn essence(one: &Rule) -> String {
    match one {
        Rule::PrimaryKey(key) => {
            format!("primary key {}", key.conflict.map_or("", |conflict| conflict.word()))
        }
        Rule::ForeignKey(reference) => {
            let columns = quote::list(reference.columns.iter().map(|column| quote::name(column)));
            normal(&format!("({columns}) {}", quote::name(&reference.table)))
        }
        Rule::Unique(_) | Rule::Check { .. } => rule(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_of_other_hands_are_told_from_the_same_in_other_words() {
        let known = "CREATE TABLE t (a int NOT NULL CONSTRAINT t_pkey PRIMARY KEY, \
             b int CONSTRAINT t_b_fkey REFERENCES u (x) ON DELETE CASCADE CONSTRAINT c CHECK (b > 0), \
             CONSTRAINT t_a_b_key UNIQUE (a, b))";
        for same in [
            known,
            "create table T ([a] INTEGER PRIMARY KEY, b, unique (\"a\", B), check ((b > 0)), check (b>0), foreign key (b) references u)",
            "CREATE TABLE t (a int)",
        ] {
            assert_eq!(unknown_constraints(same, known), Vec::<String>::new(), "{same}");
        }
        let live = "CREATE TABLE t (a int PRIMARY KEY ON CONFLICT REPLACE, b int CHECK (b > 1) UNIQUE, \
             c REFERENCES u, UNIQUE (a, b) ON CONFLICT IGNORE)";
        assert_eq!(
            unknown_constraints(live, known),
            [
                "primary key ( a ) on conflict replace",
                "check ( b > 1 )",
                "unique ( b )",
                "foreign key ( c ) references u",
                "unique ( a , b ) on conflict ignore",
            ]
        );
    }

    fn shown(sql: &str) -> Vec<String> {
        let row: CatalogRow = ["t", "table", "t", sql].map(|cell| Some(cell.to_owned())).to_vec();
        let facts = normalise(&[row]).into_iter();
        let mut facts: Vec<String> =
            facts.map(|row| row.into_iter().skip(1).flatten().collect::<Vec<_>>().join(" | ")).collect();
        facts.sort();
        facts
    }

    #[test]
    fn the_place_of_a_constraint_does_not_count() {
        let at_columns = "CREATE TABLE t (\"A b\" integer CONSTRAINT k PRIMARY KEY AUTOINCREMENT, \
             b text DEFAULT NULL CONSTRAINT f REFERENCES u (x) ON DELETE SET NULL NOT DEFERRABLE \
             CONSTRAINT c CHECK (b <> ',' AND (b) > 0) COLLATE nocase, d Integer AS (b + 1) UNIQUE)";
        let behind = "create table [t](d int GENERATED ALWAYS AS ((b+1)) VIRTUAL, \"A b\" INTEGER NOT NULL, \
             b text COLLATE NOCASE NULL, CONSTRAINT c CHECK ((b <> ',' AND (b) > 0)) UNIQUE (d) \
             CONSTRAINT f FOREIGN KEY (B) REFERENCES 'u' ([x]) MATCH FULL ON DELETE SET NULL ON UPDATE NO ACTION, \
             CONSTRAINT k PRIMARY KEY (\"a B\" AUTOINCREMENT))";
        assert_eq!(shown(at_columns), shown(behind));
        assert_eq!(
            shown(at_columns),
            [
                "column | A b | integer, not null",
                "column | b | text, collate nocase",
                "column | d | integer, as ( b + 1 )",
                "constraint | c | check ( b <> ',' and ( b ) > 0 )",
                "constraint | f | foreign key ( b ) references u ( x ) on delete set null",
                "constraint | k | primary key ( \"a b\" ) autoincrement",
                "constraint | t_d_key | unique ( d )",
                "table |  | ",
            ]
        );
    }

    #[test]
    fn differences_are_seen() {
        let base = shown("CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))");
        for other in [
            "CREATE TABLE t (a int CONSTRAINT d CHECK (a > 0))",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 1))",
            "CREATE TABLE t (a bigint CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a int NOT NULL CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a tinyint CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a int NOT NULL ON CONFLICT IGNORE CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a int DEFAULT 1 CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)) STRICT",
            "CREATE TABLE t (a int UNIQUE CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0), UNIQUE (a DESC))",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)) NONSENSE",
        ] {
            assert_ne!(base, shown(other), "{other}");
        }
        let key = |ty| shown(&format!("CREATE TABLE t (a {ty} NOT NULL PRIMARY KEY)"));
        assert_ne!(key("int"), key("integer"));
    }
}
