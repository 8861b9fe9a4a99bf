//! Tests of the configuration and of the choice of an environment.

use std::time::Duration;

use super::config::Config;
use super::decode::{decode, parse_duration};
use super::dotenv::Variables;
use super::environment::{Choice, Target, resolve};
use crate::diagnostic::{Diagnostic, SourceId, Span};
use crate::document::{self, Sink};

const DIALECTS: &[&str] = &["lite", "elephant"];

fn read(text: &str) -> Result<Config, Vec<Diagnostic>> {
    read_for(text, DIALECTS)
}

fn read_for(text: &str, dialects: &[&str]) -> Result<Config, Vec<Diagnostic>> {
    read_all(text, dialects).map(|mut projects| projects.remove(0))
}

fn read_all(text: &str, dialects: &[&str]) -> Result<Vec<Config>, Vec<Diagnostic>> {
    let source = SourceId(0);
    let (document, problems) = document::read(source, text);
    let mut sink = Sink::default();
    sink.extend(problems);
    let config = decode(&document, Span { source, start: 0, end: 0 }, dialects, &sink);
    match config {
        Some(config) if !sink.has_errors() => Ok(config),
        _ => Err(sink.into_diagnostics()),
    }
}

/// What is wrong with a configuration: code, the text pointed at, message and help, a line each.
fn problems(text: &str) -> String {
    let problems = read(text).expect_err("it must be refused");
    let line = |problem: &Diagnostic| {
        let at = problem.labels.first().map_or("", |label| &text[label.span.range()]);
        let help = problem.help.as_deref().unwrap_or("-");
        format!("{} {at:?}: {}; {help}\n", problem.code.id, problem.message)
    };
    problems.iter().map(line).collect()
}

#[test]
fn a_full_configuration_is_read() {
    let config = read(
        r#"
        project shop {
            dialects lite elephant
            schema "db/schema"
            lock-timeout "20s"
        }
        env dev default=#true { url "lite://shop.db" }
        env prod {
            url (env)"DATABASE_URL"
            protect
            lock-timeout "1min"
            before-run (sql)"SET ROLE owner"
            before-run (sql)"SET x = 1"
            after-run (sql)"ANALYZE"
        }
        env open { url (file)"secret/url"; protect; create }
        "#,
    )
    .unwrap();
    assert_eq!(config.name.as_str(), "shop");
    assert_eq!(config.dialects.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), DIALECTS);
    assert_eq!(config.schema.to_str(), Some("db/schema"));
    assert_eq!(config.revisions, "revisions");
    let dev = config.environment("dev").unwrap();
    assert!(dev.is_default && dev.policy.create && !dev.policy.protect);
    assert_eq!(dev.policy.lock_timeout, Duration::from_secs(20));
    let prod = config.environment("prod").unwrap();
    assert!(!prod.is_default && !prod.policy.create && prod.policy.protect);
    assert_eq!(prod.policy.lock_timeout, Duration::from_secs(60));
    assert_eq!(prod.policy.before_run, ["SET ROLE owner", "SET x = 1"]);
    assert_eq!(prod.policy.after_run, ["ANALYZE"]);
    assert!(config.environment("open").unwrap().policy.create);
}

#[cfg(all(feature = "mysql", feature = "sqlite"))]
#[test]
fn servers_are_products_of_the_dialects() {
    let known = crate::dialect::names();
    let config = read_for("project shop { dialects mysql; servers mariadb }", known).unwrap();
    let products: Vec<_> = config.servers.iter().map(|(product, _)| *product).collect();
    assert_eq!(products, [crate::dialect::Product::MariaDb]);
    let problems = read_for("project shop { dialects sqlite; servers maria mariadb }", known).unwrap_err();
    let said: Vec<&str> = problems.iter().map(|problem| &*problem.message).collect();
    assert_eq!(said, ["unknown server `maria`", "`mariadb` speaks `mysql`, which `dialects` leaves out"]);
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    insta::assert_snapshot!(problems("envs x\n"), @r#"
    E013 "envs": unknown node `envs`; write `env`
    E604 "": there is no `project` in the configuration; write `project NAME { dialects … }`
    "#);
    insta::assert_snapshot!(problems(r#"
        project shop { dialects lite elefant lite; schemas x; lock-timeout soon }
        project other { dialects lite }
        env dev default=#true { url 5; protect maybe; creat }
        env dev default=#true { url (var)"X"; before-run "SELECT 1"; lock-timeout "10" }
    "#), @r#"
    E603 "elefant": unknown dialect `elefant`; write `elephant`
    E604 "lite": `lite` stands twice; delete one of them
    E605 "soon": `soon` is not a duration; write a whole number with a unit: `"500ms"`, `"10s"`, `"5min"`
    E013 "schemas": `project` has no child `schemas`; write `schema`
    E015 "5": `url` takes a URL, `(env)` with a variable or `(file)` with a path, not a number; write `"5"` if a text is meant
    E015 "maybe": `protect` takes `#true` or `#false`, not a string; write `#true` or `#false`
    E013 "creat": `env` has no child `creat`; write `create`
    E015 "(var)\"X\"": `url` takes a URL, `(env)` with a variable or `(file)` with a path, not a value marked `(var)`; write a URL, `(env)` with a variable or `(file)` with a path
    E605 "\"10\"": `10` is not a duration; write a whole number with a unit: `"500ms"`, `"10s"`, `"5min"`
    E015 "\"SELECT 1\"": `before-run` takes SQL, marked `(sql)`, not a string; write SQL, marked `(sql)`
    E604 "dev": the environment `dev` stands twice; delete one of them
    E604 "dev": `dev` and `dev` are both the default; delete one of them
    E616 "other": the projects `shop` and `other` share the folder `schema`; give each project folders of its own, such as `other/schema`
    E616 "other": the projects `shop` and `other` share the folder `revisions`; give each project folders of its own, such as `other/revisions`
    E616 "other": the projects `shop` and `other` share the folder `snapshots`; give each project folders of its own, such as `other/snapshots`
    "#);
    insta::assert_snapshot!(problems("project { }"), @r#"
    E014 "project": `project` needs a name; write the name behind it
    E014 "project": `project` names no dialects; write `dialects` and the databases that it is for
    "#);
}

#[test]
fn durations_have_a_unit() {
    assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
    assert_eq!(parse_duration("10 s"), Some(Duration::from_secs(10)));
    assert_eq!(parse_duration("2min"), Some(Duration::from_secs(120)));
    assert_eq!(parse_duration("1h"), Some(Duration::from_secs(3600)));
    for text in ["", "10", "s", "-1s", "1.5s", "1 day", "99999999999999999999s", "9999999999999999999h"] {
        assert_eq!(parse_duration(text), None, "{text}");
    }
}

const SHOP: &str = r#"
    project shop { dialects lite }
    env dev default=#true { url "lite://dev.db" }
    env stage { url (env)"STAGE_URL"; protect }
    env prod { url (env)"DATABASE_URL"; protect }
    env bare
"#;

/// The target for a choice with variables of the process and of `.env`, or why there is none.
fn target(
    text: &str,
    url: Option<&str>,
    environment: Option<&str>,
    process: &[(&str, &str)],
    file: &str,
) -> Result<Target, String> {
    let config = read(text).unwrap();
    let variables = Variables::of(process, file);
    resolve("root".as_ref(), &config, Choice { url, environment, said_by: "--env" }, &variables)
        .map_err(|problem| format!("{} {}; {}", problem.code.id, problem.message, problem.help.unwrap()))
}

#[test]
fn a_url_is_chosen_by_option_then_variable_then_default() {
    let all =
        [("SCHEMACTL_ENV", "stage"), ("STAGE_URL", "lite://stage.db"), ("DATABASE_URL", "lite://prod.db")];
    let chosen = |url, environment, process: &[(&str, &str)], file| {
        target(SHOP, url, environment, process, file).unwrap().url.to_string()
    };
    assert_eq!(chosen(Some("lite://x.db"), Some("prod"), &all, ""), "lite://x.db");
    assert_eq!(chosen(None, Some("prod"), &all, ""), "lite://prod.db");
    assert_eq!(chosen(None, None, &all, ""), "lite://stage.db");
    assert_eq!(chosen(None, None, &all[1..], ""), "lite://dev.db");
    assert_eq!(chosen(None, None, &all[1..], "SCHEMACTL_ENV=prod"), "lite://prod.db");
    assert_eq!(chosen(None, None, &all, "SCHEMACTL_ENV=prod\nSTAGE_URL=lite://file.db"), "lite://stage.db");
    assert_eq!(chosen(None, Some("prod"), &[], "DATABASE_URL=lite://file.db"), "lite://file.db");
}

#[test]
fn policies_come_with_the_environment_that_is_named() {
    let protected = |url, environment| {
        let process = [("DATABASE_URL", "lite://prod.db"), ("SCHEMACTL_ENV", "prod")];
        target(SHOP, url, environment, &process, "").unwrap().policy.protect
    };
    assert!(protected(None, None));
    assert!(protected(Some("lite://x.db"), Some("prod")));
    assert!(!protected(Some("lite://x.db"), None));
    assert!(!protected(None, Some("dev")));
}

#[test]
fn what_is_missing_is_said_with_the_remedy() {
    let why = |text, environment, process: &[(&str, &str)]| {
        target(text, None, environment, process, "").unwrap_err()
    };
    let no_default = "project shop { dialects lite }";
    insta::assert_snapshot!(why(no_default, None, &[("DATABASE_URL", "lite://x")]), @"E607 no environment is chosen, and none is the default; name one with `--env NAME`, or a database with `--url URL`");
    insta::assert_snapshot!(why(no_default, Some("dev"), &[]), @"E606 unknown environment `dev`, named by `--env`; declare it in `schemactl.kdl`: `env NAME { url … }`");
    insta::assert_snapshot!(why(SHOP, Some("prud"), &[]), @"E606 unknown environment `prud`, named by `--env`; use `prod`");
    insta::assert_snapshot!(why(SHOP, None, &[("SCHEMACTL_ENV", "nowhere")]), @"E606 unknown environment `nowhere`, named by `SCHEMACTL_ENV`; use one of `dev`, `stage`, `prod`, `bare`");
    insta::assert_snapshot!(why(SHOP, Some("prod"), &[("DATABASE_URL", "")]), @"E608 the environment `prod` takes its URL from `DATABASE_URL`, which is not set; set `DATABASE_URL`, or put it into `.env`");
    insta::assert_snapshot!(why(SHOP, Some("bare"), &[]), @r#"E608 the environment `bare` has no URL; give it one: `url "…"` or `url (env)"…"`, or name one with `--url`"#);
}

const TWO: &str = r#"
project shop default=#true { dialects lite; lock-timeout "5s" }
project billing {
    dialects elephant
    schema "billing/schema"; revisions "billing/revisions"; snapshots "billing/snapshots"
    journal schemactl_journal_billing
    env dev { url "elephant://billing" }
}
env dev default=#true { url "lite://shop.db" }
env live { url (env)"DATABASE_URL"; lock-timeout "1min" }
"#;

#[test]
fn environments_beside_projects_are_for_all_of_them() {
    let [shop, billing] = read_all(TWO, DIALECTS).unwrap().try_into().unwrap();
    let told = |config: &Config| {
        let one = |environment: &super::config::Environment| {
            let is_default = if environment.is_default { " (default)" } else { "" };
            let seconds = environment.policy.lock_timeout.as_secs();
            format!("{}{is_default}: {:?}, {seconds} s\n", environment.name, environment.url)
        };
        config.environments.iter().map(one).collect::<String>()
    };
    insta::assert_snapshot!(told(&shop), @r#"
    dev (default): Some(Text("lite://shop.db")), 5 s
    live: Some(Variable("DATABASE_URL", Span { source: SourceId(0), start: 338, end: 357 })), 60 s
    "#);
    insta::assert_snapshot!(told(&billing), @r#"
    dev: Some(Text("elephant://billing")), 60 s
    live: Some(Variable("DATABASE_URL", Span { source: SourceId(0), start: 338, end: 357 })), 60 s
    "#);
    assert!(shop.is_default && !billing.is_default);
    assert_eq!(shop.journal.0.as_str(), "schemactl_journal");
    assert_eq!(billing.journal.0.as_str(), "schemactl_journal_billing");
}

#[test]
fn projects_that_get_in_each_others_way_are_told_apart() {
    insta::assert_snapshot!(problems(r#"
        project shop default=#true { dialects lite; schema "db" }
        project shop default=#true { dialects lite; revisions "db/./old"; snapshots other; journal Journal }
        env dev { url "lite://shop.db" }
    "#), @r#"
    E618 "Journal": `Journal` can't be the name of a journal; write `schemactl_journal`, or `schemactl_journal_` and a word of small letters and digits, 57 letters at most
    E604 "shop": the project `shop` stands twice; delete one of them
    E604 "shop": `shop` and `shop` are both the default; delete one of them
    E616 "revisions": the projects `shop` and `shop` share the folder `db/old`; give each project folders of its own, such as `shop/old`
    E617 "shop": `shop` and `shop` both keep the journal `schemactl_journal` on the database of `dev`; give one of them its own: write `journal schemactl_journal_shop` into `project shop`
    "#);
    let own = r#"project shop { dialects lite; env dev { url "lite://shop.db" } }
        project billing {
            dialects lite; schema b; revisions c; snapshots d; env dev { url "lite://billing.db" }
        }"#;
    assert!(read_all(own, DIALECTS).is_ok());
    insta::assert_snapshot!(problems(&format!("{own}\nenv live {{ url (env)\"URL\" }}")), @r#"E617 "billing": `shop` and `billing` both keep the journal `schemactl_journal` on the database of `live`; give one of them its own: write `journal schemactl_journal_billing` into `project billing`"#);
}

#[test]
fn folders_are_seen_from_the_configuration() {
    let folders = |schema: &str| {
        let text = format!("project a {{ dialects lite; schema #\"{schema}\"# }}");
        read(&text).map(|config| config.schema).map_err(|_| problems(&text))
    };
    for (written, meant) in [
        ("db/./schema/", "db/schema"),
        ("../../schema", "../../schema"),
        ("a/../../b//c", "../b/c"),
        (r"db\x", "db/x"),
    ] {
        assert_eq!(folders(written).unwrap().to_str(), Some(meant));
    }
    let refused: String = ["/srv/schema", r"C:\schema", ".", "a/..", "../.."]
        .map(|folder| folders(folder).unwrap_err())
        .concat();
    insta::assert_snapshot!(refused, @r##"
    E604 "#\"/srv/schema\"#": `/srv/schema` can't be a folder of the project: it is not the same place on every machine; write it as seen from `schemactl.kdl`
    E604 "#\"C:\\schema\"#": `C:\schema` can't be a folder of the project: it is not the same place on every machine; write it as seen from `schemactl.kdl`
    E604 "#\".\"#": `.` can't be a folder of the project: `schemactl.kdl` lies in it; name a folder that holds nothing else
    E604 "#\"a/..\"#": `a/..` can't be a folder of the project: `schemactl.kdl` lies in it; name a folder that holds nothing else
    E604 "#\"../..\"#": `../..` can't be a folder of the project: `schemactl.kdl` lies in it; name a folder that holds nothing else
    "##);
}
