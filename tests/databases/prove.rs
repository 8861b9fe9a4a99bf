//! Proofs of revisions: what holds passes with rows in the tables, and what doesn't is found.

use schemactl::change::{Down, Hook, Script, ScriptText, Site, Step};
use schemactl::diagnostic::Sources;
use schemactl::dialect;
use schemactl::diff::diff;
use schemactl::hash::RevisionDigest;
use schemactl::model::{Member, Rename, State};
use schemactl::name::{DialectName, Name, ObjectName};
use schemactl::plan::Values;
use schemactl::runner::connection::Target;
use schemactl::runner::journal::RevisionRef;
use schemactl::runner::prove::{Case, Proof, prove};
use schemactl::runner::scratch::Scratches;
use schemactl::syntax;

use super::connection::block_on;
use crate::support::project::Project;
use crate::support::{mysql, postgres, sql};

const BEFORE: &str = r#"
enum post_status draft published archived
table users comment="People" {
    column id bigint identity primary-key
    column email "varchar(320)" unique
    column display_name text nullable
    column born date nullable
    column balance "decimal(12,2)" default=0
    check "email LIKE '%@%'" name=users_email_has_at
    check "balance >= 0" name=users_balance_positive
}
table posts {
    column id uuid primary-key
    column author_id bigint references="users.id" on-delete=cascade
    column answer_to uuid nullable references="posts.id"
    column title "varchar(200)"
    column status post_status default=draft
    column tags json nullable
    column length int generated=(sql)"length(title)"
    unique author_id title
    index author_id title
}
"#;

const AFTER: &str = r#"
enum post_status draft published archived deleted
table users {
    column id bigint identity primary-key
    column email text mysql="varchar(400)" unique
    column full_name text nullable
    column balance "decimal(14,4)" default=0
    column active bool default=#true
    check "email LIKE '%@%'" name=users_email_has_at
    index active
}
table posts {
    column id uuid primary-key
    column author_id bigint references="users.id" on-delete=restrict
    column answer_to uuid nullable references="posts.id"
    column title text mysql="varchar(250)"
    column status post_status default=published
    column tags json nullable
    column seen timestamptz default=(sql)"CURRENT_TIMESTAMP"
    (sqlite)index name=posts_open { on title; where (sql)"tags IS NOT NULL" }
    (postgres)index name=posts_open_too { on title; where (sql)"tags IS NOT NULL" }
}
table likes {
    column user_id bigint references="users.id"
    column post_id uuid references="posts.id"
    primary-key user_id post_id
}
"#;

pub fn state(text: &str) -> State {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let dialects: Vec<DialectName> =
        ["postgres", "sqlite", "mysql"].map(|word| DialectName::new(Name::new(word).unwrap())).into();
    let (parsed, problems) = syntax::parse(&sources, &[file], &dialects);
    parsed.unwrap_or_else(|| panic!("{problems:?}")).state
}

fn between(before: &State, after: &State) -> Vec<Step> {
    diff(before, after, &[]).unwrap().into_iter().map(Step::Op).collect()
}

fn hook(up: &str, down: &str) -> Step {
    let script = |text: &str| Script::Text(ScriptText { sql: text.into(), file: None });
    Step::Hook(Hook {
        name: Name::new("fill").unwrap(),
        only: None,
        only_env: Vec::new(),
        up: script(up),
        down: Down::Script(script(down)),
        before: Vec::new(),
        expect: Vec::new(),
        after: Vec::new(),
    })
}

/// The proof on each kind of database, on which nothing may be left.
fn proofs(before: &State, after: &State, steps: &[Step]) -> Vec<Proof> {
    let revision =
        RevisionRef { id: "a1".into(), name: "0002_change".into(), digest: RevisionDigest::of("a1") };
    let run = format!("test{}", std::process::id());
    let beside = mysql::database("prove");
    let mut found = Vec::new();
    for (dialect, url) in
        [("sqlite", "sqlite::memory:"), ("postgres", postgres::server()), ("mysql", &beside.url)]
    {
        let dialect = dialect::find(&DialectName::new(Name::new(dialect).unwrap())).unwrap();
        let proof = block_on(async {
            let mut scratches =
                Scratches::open(&Target::parse(url).unwrap(), &format!("{run}_{}", unique())).await.unwrap();
            let values = &Values::default();
            let case = Case { revision: &revision, steps, site: Site::Any, before, after, values };
            let proof = prove(case, dialect, &mut scratches).await;
            scratches.close().await.unwrap();
            proof.unwrap_or_else(|problems| panic!("{}: {problems:?}", dialect.name()))
        });
        found.push(proof);
    }
    found
}

fn unique() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

fn findings(proof: &Proof) -> Vec<String> {
    let line = |finding: &schemactl::runner::prove::Finding| {
        format!("{}\n  {}", finding.diagnostic, finding.details.join("\n  "))
    };
    proof.findings.iter().map(line).collect()
}

#[test]
fn a_revision_from_nothing_holds() {
    let (before, after) = (State::default(), state(BEFORE));
    for proof in proofs(&before, &after, &between(&before, &after)) {
        assert_eq!(findings(&proof), Vec::<String>::new());
        assert!(proof.undone);
    }
}

#[test]
fn a_revision_with_many_changes_holds_with_rows_in_the_tables() {
    let (before, after) = (state(BEFORE), state(AFTER));
    for proof in proofs(&before, &after, &between(&before, &after)) {
        assert_eq!(findings(&proof), Vec::<String>::new(), "{:?}", proof.notes);
        assert_eq!((proof.rows, proof.undone), (6, true), "{:?}", proof.notes);
        assert_eq!(proof.notes, Vec::<String>::new());
    }
}

#[test]
fn a_constraint_that_rows_contradict_is_proven_on_empty_tables() {
    let before = state("table t { column id int primary-key\n column kind text\n }");
    let after = state(
        "table t { column id int primary-key\n column kind text\n check \"kind = 'none of them'\" name=t_kind }",
    );
    for proof in proofs(&before, &after, &between(&before, &after)) {
        assert_eq!(findings(&proof), Vec::<String>::new());
        assert!(proof.undone && proof.notes.len() == 1, "{:?}", proof.notes);
        assert!(proof.notes[0].starts_with("apply stops at rows that were made for it"), "{:?}", proof.notes);
    }
}

#[test]
fn a_hook_that_changes_the_schema_is_found() {
    let before = state("table t { column id int primary-key\n }");
    let steps = [hook("CREATE TABLE extra (a int)", "SELECT 1")];
    let [sqlite, postgres, mysql] = <[Proof; 3]>::try_from(proofs(&before, &before, &steps)).unwrap();
    for proof in [sqlite, postgres] {
        let found = findings(&proof);
        let codes: Vec<&str> = found.iter().map(|line| &line[..4]).collect();
        // The second time the table is there already.
        assert_eq!(codes, ["E742", "E743", "E741"], "{found:?}");
        assert!(found[0].contains("extra"), "{found:?}");
    }
    // Where it would commit, it isn't run at all.
    assert!(findings(&mysql)[0].starts_with("E501: hook `fill` contains `CREATE`"), "{:?}", findings(&mysql));
}

/// What speaks of a renamed column and changes besides is in the new words before any hook, so that nothing behind a
/// hook speaks of a name that is gone.
#[test]
fn a_hook_may_stand_between_a_rename_and_what_else_changes() {
    let before = state(
        "table t {
            column id int primary-key
            column a int
            column double int generated=(sql)\"a * 2\"
            check \"a > 0\" name=t_least
            check \"a < 90\" name=t_most
            (sqlite)index name=t_some { on id; where (sql)\"a > 1\" }
            (postgres)index name=t_others { on id; where (sql)\"a > 1\" }
        }",
    );
    let after = state(
        "table t {
            column id int primary-key
            column b int
            column double int generated=(sql)\"2 + b\"
            check \"b >= 0\" name=t_least
            (sqlite)index name=t_some { on id; where (sql)\"b > 2\" }
            (postgres)index name=t_others { on id; where (sql)\"b > 2\" }
        }",
    );
    let name = |text: &str| Name::new(text).unwrap();
    let of = ObjectName::unqualified(name("t"));
    let rename = Rename::Member { of, member: Member::Column, from: name("a"), to: name("b") };
    let ops: Vec<Step> = diff(&before, &after, &[rename]).unwrap().into_iter().map(Step::Op).collect();
    let follow = ops.iter().filter(|step| {
        let Step::Op(op) = step else { return false };
        op.describe().detail.ends_with("a * 2 → int stored b * 2")
    });
    assert_eq!(follow.count(), 1, "{:?}", words(&ops));
    // The rename, and what follows it: a column, two checks, two indexes.
    let renamed = 6;
    for place in (renamed..=ops.len()).step_by(2) {
        let mut steps = ops.clone();
        steps.insert(place, hook("UPDATE t SET b = b", "UPDATE t SET b = b"));
        for proof in proofs(&before, &after, &steps) {
            assert_eq!(
                findings(&proof),
                Vec::<String>::new(),
                "{place} {:?} {:?}",
                words(&steps),
                proof.notes
            );
            assert_eq!((proof.undone, &proof.notes), (true, &Vec::new()));
        }
    }
}

fn words(steps: &[Step]) -> Vec<String> {
    let word = |step: &Step| match step {
        Step::Op(op) => op.describe().to_string(),
        Step::Hook(hook) => hook.name.to_string(),
    };
    steps.iter().map(word).collect()
}

#[test]
fn a_statement_that_fails_is_shown() {
    let before = state("table t { column id int primary-key\n }");
    for proof in proofs(&before, &before, &[hook("UPDATE nowhere SET a = 1", "SELECT 1")]) {
        let found = findings(&proof);
        assert!(found.len() == 1 && found[0].contains("UPDATE nowhere SET a = 1"), "{found:?}");
        assert!(!proof.undone);
    }
}

#[test]
fn nothing_is_left_on_the_server() {
    let before = state("table t { column id int primary-key\n }");
    proofs(&before, &before, &[hook("UPDATE nowhere SET a = 1", "SELECT 1")]);
    let mine = format!(
        "SELECT datname FROM pg_database WHERE datname LIKE 'schemactl_scratch_test{}%'",
        std::process::id()
    );
    let names = format!("SHOW DATABASES LIKE 'schemactl_scratch_test{}%'", std::process::id());
    // Other tests of this process may be at work.
    for left in [sql::rows(postgres::server(), &mine), sql::rows(mysql::server(), &names)] {
        assert!(left.len() < 8, "{left:?}");
    }
}

#[test]
fn the_command_proves_on_databases_of_its_own() {
    let server = postgres::database("prove_command");
    let other = mysql::database("prove_command");
    let project = Project::empty();
    project.write("schemactl.kdl", "project shop { dialects sqlite postgres mysql }\n");
    project.write("schema/shop.kdl", BEFORE);
    project.run(&["plan", "-q"]).ok();
    let urls = [&server.url, &other.url, "sqlite::memory:"];
    for (url, on) in urls.into_iter().zip(["postgres", "mysql", "sqlite"]) {
        let proven = project.run(&["prove", "--url", url]).fails(0);
        let line = format!("      Proved 0001_add_post_status_and_2_more on {on} (up, down, up; no rows)\n");
        assert_eq!(proven, line);
    }
    assert_eq!(sql::rows(&server.url, "SELECT count(*) FROM pg_class WHERE relname = 'users'"), ["0"]);
    assert_eq!(sql::rows(&other.url, "SHOW TABLES"), [""; 0]);
    let mut command = project.command(env!("CARGO_BIN_EXE_schemactl"));
    let mut child = command.args(["prove", "-q", "--url", &server.url]).spawn().unwrap();
    let mine =
        format!("SELECT datname FROM pg_database WHERE datname LIKE 'schemactl_scratch_{}_%'", child.id());
    assert!(child.wait().unwrap().success());
    assert_eq!(sql::rows(&server.url, &mine), [""; 0], "its databases are dropped");
}

#[test]
fn runs_of_one_word_have_databases_of_their_own() {
    let (one, other) = (postgres::database("words"), mysql::database("words"));
    for url in [&one.url, &other.url] {
        let target = Target::parse(url).unwrap();
        block_on(async {
            let mut both = [
                Scratches::open(&target, "word").await.unwrap(),
                Scratches::open(&target, "word").await.unwrap(),
            ];
            for scratches in &mut both {
                scratches.empty().await.unwrap();
            }
            for scratches in both {
                scratches.close().await.unwrap();
            }
        });
    }
}

/// Every row refers to another one, and a check that no value keeps leaves one table and what refers to it without any.
#[test]
fn tables_without_rows_are_told_once_and_named_again() {
    let table = |more: &str| {
        format!(
            "table never {{\n column id bigint identity primary-key\n column a int\n check \"a > 1 AND a < 1\" name=none\n}}\n\
             table after {{\n column id bigint identity primary-key\n column of_never bigint references=never.id\n{more}\n}}\n"
        )
    };
    let project = Project::empty();
    project.write("schemactl.kdl", "project shop { dialects sqlite postgres mysql }\n");
    for (name, more) in [("one", ""), ("two", "column b int nullable"), ("three", "column c int nullable")] {
        project.write("schema/shop.kdl", table(more));
        project.run(&["plan", "-q", "-m", name, "--no-renames"]).ok();
    }
    let mut server: url::Url = mysql::server().parse().unwrap();
    // Any database will do, and none as well.
    server.set_path("");
    let urls = [postgres::server(), server.as_str()];
    for options in [&[][..], &["--url", urls[0]], &["--url", urls[1]]] {
        let said = project.run(&[&["prove"], options].concat());
        assert_eq!(said.code, Some(0), "{said}");
        let notes: Vec<&str> = said.stderr.lines().filter(|line| line.contains(" note 000")).collect();
        let [first, second, again] = notes.as_slice() else { panic!("{said}") };
        assert!(first.contains("note 0002_two: no rows could be made for `never`: "), "{said}");
        assert!(
            second.ends_with("note 0002_two: no rows could be made for `after`: they refer to `never`"),
            "{said}"
        );
        assert!(
            again.ends_with("note 0003_three: as before, no rows could be made for `never`, `after`"),
            "{said}"
        );
        assert!(!said.stderr.contains("schemactl_scratch"), "{said}");
    }
}

#[test]
fn rows_are_made_for_tables_that_refer_to_each_other_with_moments_in_them() {
    let (before, after) = (
        "table a { column id bigint identity primary-key; column seen timestamptz; column code \"char(2)\" unique; }
         table b { column a_id bigint references=a.id; column at timestamptz; primary-key a_id; }",
        "table c { column id int primary-key }",
    );
    let (before, after) = (state(before), state(&format!("{before}\n{after}")));
    for proof in proofs(&before, &after, &between(&before, &after)) {
        assert_eq!(findings(&proof), Vec::<String>::new());
        assert_eq!((proof.rows, proof.without.len()), (6, 0), "{proof:?}");
    }
}
