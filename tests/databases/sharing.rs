//! Projects that share a database: none of them sees, changes or drops what another has, and a name that two of them
//! want is refused before anything runs.

use insta::{allow_duplicates, assert_snapshot};

use crate::scripts::{Client, KINDS};
use crate::support::project::Project;
use crate::support::sql;

const SHOP: &str = "table users {
    column id int primary-key
    column email \"varchar(80)\" unique
    index email name=users_by_email
}
view everybody { as (sql)\"SELECT id FROM users\"; depends-on users }
";

const BILLING: &str = "table invoices {
    column id int primary-key
    column total int
    check (sql)\"total >= 0\" name=invoices_total
}
view paid { as (sql)\"SELECT id FROM invoices WHERE total = 0\"; depends-on invoices }
";

/// Two projects in one configuration, each with a revision.
fn two() -> Project {
    let project = Project::empty();
    project.run(&["init", "--dialects", "sqlite,postgres,mysql"]).ok();
    project.replace("schemactl.kdl", "project project", "project shop default=#true");
    project.run(&["init", "--name", "billing"]).ok();
    project.write("schema/schema.kdl", SHOP).write("billing/schema/schema.kdl", BILLING);
    for name in ["shop", "billing"] {
        project.run(&["plan", "-m", "first", "--name", name]).ok();
    }
    project
}

/// Adds a column in each project, and plans it.
fn grow(project: &Project) {
    project.replace("schema/schema.kdl", "column id int", "column age int nullable\n    column id int");
    project.replace(
        "billing/schema/schema.kdl",
        "column id int",
        "column note text nullable\n    column id int",
    );
    for name in ["shop", "billing"] {
        project.run(&["plan", "-m", "second", "--name", name]).ok();
    }
}

/// The tables and views that a project sees in a database.
fn seen(client: &Client, project: &Project, name: &str) -> String {
    let text = client.run(project, &["inspect", "--name", name]);
    let heads = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let kind = words.next().filter(|word| ["table", "view", "object"].contains(word))?;
        line.starts_with(kind).then(|| format!("{kind} {}", words.next().unwrap_or_default()))
    });
    heads.collect::<Vec<_>>().join(", ")
}

/// That neither project finds that somebody changed something.
fn no_drift(client: &Client, project: &Project) {
    for name in ["shop", "billing"] {
        assert_eq!(client.run(project, &["drift", "--name", name]), "", "{} {name}", client.dialect());
    }
}

#[test]
fn each_project_sees_and_changes_its_own_alone() {
    for kind in KINDS {
        let project = two();
        let client = kind(&project, "shared");
        let dialect = client.dialect();
        for name in ["shop", "billing"] {
            client.run(&project, &["apply", "--name", name]);
        }
        assert_eq!(seen(&client, &project, "shop"), "table users, view everybody", "{dialect}");
        assert_eq!(seen(&client, &project, "billing"), "table invoices, view paid", "{dialect}");
        no_drift(&client, &project);
        grow(&project);
        for name in ["billing", "shop"] {
            client.run(&project, &["apply", "--name", name]);
            no_drift(&client, &project);
        }
        assert_eq!(
            client.run(&project, &["diff", "schema", client.url(), "--name", "billing"]),
            "",
            "{dialect}"
        );
        client.run(&project, &["push", "--name", "billing"]);
        sql::execute(client.url(), "INSERT INTO invoices (id, total) VALUES (1, 0)");
        client.run(&project, &["rollback", "base", "--name", "shop", "--allow-destructive", "all"]);
        no_drift(&client, &project);
        assert_eq!(seen(&client, &project, "shop"), "", "{dialect}");
        assert_eq!(sql::rows(client.url(), "SELECT id FROM paid"), ["1"], "{dialect}");
        client.run(&project, &["apply", "--name", "shop"]);
        client.run(&project, &["stamp", "base", "--force", "--name", "billing"]);
        client.run(&project, &["stamp", "head", "--name", "billing"]);
        no_drift(&client, &project);
        let squashed = project.run(&["squash", "base..2", "-m", "both", "--name", "billing"]).ok();
        assert!(project.read("billing/revisions/0002_both.kdl").contains("invoices"), "{squashed}");
        client.run(&project, &["apply", "--name", "billing"]);
        no_drift(&client, &project);
        client.run(&project, &["rollback", "base", "--name", "billing", "--allow-destructive", "all"]);
        assert_eq!(seen(&client, &project, "shop"), "table users, view everybody", "{dialect}");
        no_drift(&client, &project);
    }
}

#[test]
fn what_nobody_made_is_drift_until_one_takes_it() {
    for kind in KINDS {
        let project = two();
        let client = kind(&project, "strays");
        let dialect = client.dialect();
        for name in ["shop", "billing"] {
            client.run(&project, &["apply", "--name", name]);
        }
        sql::execute(client.url(), "CREATE TABLE strays (id int)");
        sql::execute(client.url(), "ALTER TABLE invoices ADD COLUMN extra int");
        let drift = |name: &str| project.run(&["drift", "--name", name, "--url", client.url()]).to_string();
        assert!(drift("shop").contains("strays") && !drift("shop").contains("extra"), "{dialect}");
        assert!(drift("billing").contains("strays") && drift("billing").contains("extra"), "{dialect}");
        client.run(&project, &["drift", "--accept", "--name", "shop"]);
        assert!(!drift("billing").contains("strays") && drift("billing").contains("extra"), "{dialect}");
        client.run(&project, &["drift", "--accept", "--name", "billing"]);
        no_drift(&client, &project);
    }
}

#[test]
fn a_second_project_takes_over_what_the_first_has_not() {
    for kind in KINDS {
        let project = Project::empty();
        let client = kind(&project, "adopted");
        let dialect = client.dialect();
        let speaks = if dialect == "mariadb" { "mysql" } else { dialect };
        project.run(&["init", "--dialects", speaks]).ok();
        project.replace("schemactl.kdl", "project project", "project shop default=#true");
        project.write("schema/schema.kdl", SHOP);
        project.run(&["plan"]).ok();
        client.run(&project, &["apply"]);
        sql::execute(client.url(), "CREATE TABLE invoices (id int PRIMARY KEY, total int)");
        project.run(&["init", "--name", "billing"]).ok();
        client.run(&project, &["drift", "--pull", "--name", "billing"]);
        let schema = project.read("billing/schema/schema.kdl");
        assert!(schema.contains("table invoices") && !schema.contains("users"), "{dialect}: {schema}");
        project.run(&["plan", "--name", "billing"]).ok();
        client.run(&project, &["apply", "--name", "billing"]);
        no_drift(&client, &project);
        assert_eq!(client.run(&project, &["status", "--check", "--name", "billing"]).lines().count(), 5);
    }
}

#[test]
fn a_name_that_both_want_is_refused_before_anything_runs() {
    for kind in KINDS {
        let mut project = two();
        let client = kind(&project, "taken");
        project.hide(client.url(), "[URL]");
        client.run(&project, &["apply", "--name", "shop"]);
        let both = format!("{BILLING}{SHOP}");
        project.write("billing/schema/schema.kdl", both);
        project.run(&["plan", "-m", "second", "--name", "billing"]).ok();
        let refused = project.run(&["apply", "-q", "--name", "billing", "--url", client.url()]);
        allow_duplicates!(assert_snapshot!(refused.fails(1), @"
        error[E885]: `everybody`, `users` belong to the project `shop` on the same database
        help: give them another name in one of the projects, or leave them to the other
        explain: schemactl explain E885
        "));
        let refused = project.run(&["push", "-q", "--name", "billing", "--url", client.url()]);
        assert!(refused.fails(1).contains("E885"), "{}", client.dialect());
        assert_eq!(seen(&client, &project, "billing"), "", "{}", client.dialect());
        allow_duplicates!(assert_snapshot!(project.run(&["check", "--name", "billing"]).fails(4), @"
        error[E885]: `everybody`, `users` belong to the project `shop` on the same database
        help: give them another name in one of the projects, or leave them to the other
        explain: schemactl explain E885
        the above is about the project `billing`
        "));
    }
}

#[test]
fn a_script_of_another_project_is_no_drift() {
    for kind in KINDS {
        let project = two();
        let client = kind(&project, "scripted");
        let dialect = client.dialect();
        client.run(&project, &["apply", "--name", "shop"]);
        let script =
            |name: &str, range: &str| project.run(&["sql", range, "--dialect", dialect, "--name", name]).ok();
        client.play(&project, &script("billing", "base..head")).unwrap();
        no_drift(&client, &project);
        grow(&project);
        let idempotent = ["sql", "base..head", "--idempotent", "--dialect", dialect, "--name", "shop"];
        client.play(&project, &project.run(&idempotent).ok()).unwrap();
        no_drift(&client, &project);
        client.run(&project, &["apply", "--name", "billing"]);
        no_drift(&client, &project);
        client.play(&project, &script("billing", "head..base")).unwrap();
        no_drift(&client, &project);
        assert_eq!(seen(&client, &project, "shop"), "table users, view everybody", "{dialect}");
    }
}

#[test]
fn projects_of_different_folders_share_a_database() {
    for kind in KINDS {
        let [shop, billing] = [Project::empty(), Project::empty()];
        let client = kind(&shop, "strangers");
        for (project, schema) in [(&shop, SHOP), (&billing, BILLING)] {
            project.run(&["init", "--dialects", "sqlite,postgres,mysql"]).ok();
            project.write("schema/schema.kdl", schema);
            project.run(&["plan", "-m", "first"]).ok();
        }
        client.run(&shop, &["apply"]);
        let refused = billing.run(&["apply", "-q", "--url", client.url()]);
        assert!(refused.fails(5).contains("E722"), "one journal is one project's");
        billing.replace("schemactl.kdl", "// schema schema", "journal schemactl_journal_billing");
        client.run(&billing, &["apply"]);
        for project in [&shop, &billing] {
            assert_eq!(client.run(project, &["drift"]), "", "{}", client.dialect());
        }
        client.run(&shop, &["rollback", "base", "--allow-destructive", "all"]);
        assert_eq!(client.run(&billing, &["drift"]), "", "{}", client.dialect());
        billing.write("schema/schema.kdl", format!("{BILLING}{SHOP}"));
        client.run(&shop, &["apply"]);
        billing.run(&["plan", "-m", "second"]).ok();
        let refused = billing.run(&["apply", "-q", "--url", client.url()]);
        assert!(refused.fails(1).contains("the project with the journal `schemactl_journal`"));
    }
}
