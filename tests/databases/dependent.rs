//! Branches that stay, one of which depends on the other: apart, as one, and begun with a checkpoint.

use std::fs;

use crate::scripts::KINDS;
use crate::support::project::Project;
use crate::support::sql;

const USERS: &str = "table users {\n    column id int primary-key\n}\n";
const INVOICES: &str = "table invoices {\n    column id int primary-key\n}\n";
const POSTS: &str = "table posts {\n    column id int primary-key\n}\n";
const LINES: &str = "table lines {\n    column id int primary-key\n    column invoice int references=invoices.id\n    \
                     column post int references=posts.id\n}\n";

/// `billing` with two revisions beside the trunk, of which the last one depends on `billing`.
fn project() -> Project {
    let project = Project::empty();
    project.run(&["init", "-q", "--dialects", "sqlite,postgres,mysql"]).ok();
    let plan = |schema: &[&str], more: &[&str]| {
        project.write("schema/schema.kdl", schema.concat());
        project.run(&[&["plan", "-q", "-m"], more].concat()).ok();
    };
    plan(&[USERS], &["base"]);
    plan(&[USERS, INVOICES], &["invoices", "--label", "billing"]);
    plan(&[USERS, &INVOICES.replace("primary-key", "primary-key\n    column sum int nullable")], &["sums"]);
    let aside = ["0002_invoices", "0003_sums"].map(|name| format!("revisions/{name}.kdl"));
    let texts = aside.each_ref().map(|name| project.read(name));
    aside.iter().for_each(|name| fs::remove_file(project.path(name)).unwrap());
    plan(&[USERS, POSTS], &["posts"]);
    aside.iter().zip(texts).for_each(|(name, text)| {
        project.write(name, text);
    });
    let invoices = INVOICES.replace("primary-key", "primary-key\n    column sum int nullable");
    let parents = ["lines", "--parent", "0002_posts", "--depends-on", "0003_sums"];
    plan(&[USERS, &invoices, POSTS, LINES], &parents);
    project
}

#[test]
fn what_depends_on_another_branch_runs_after_it_and_goes_before_it() {
    let project = project();
    for kind in KINDS {
        let [whole, trunk, billing] = ["whole", "trunk", "billing"].map(|name| kind(&project, name));
        let dialect = whole.dialect();
        whole.run(&project, &["apply", "heads"]);
        trunk.run(&project, &["apply", "0002_posts"]);
        trunk.run(&project, &["apply", "0003_lines"]);
        billing.run(&project, &["apply", "billing@head"]);
        billing.run(&project, &["apply", "heads"]);
        let inspect = |client: &crate::scripts::Client| client.run(&project, &["inspect"]);
        assert_eq!(inspect(&trunk), inspect(&whole), "{dialect}");
        assert_eq!(inspect(&billing), inspect(&whole), "{dialect}");
        let script = project.run(&["sql", "base..0003_lines", "--dialect", dialect]).ok();
        let scripted = kind(&project, "scripted");
        scripted.play(&project, &script).unwrap_or_else(|said| panic!("{dialect}: {said}\n{script}"));
        let fresh = kind(&project, "fresh");
        fresh.run(&project, &["apply", "0003_lines"]);
        assert_eq!(scripted.holdings(&project), fresh.holdings(&project), "{dialect}");
        for database in [&whole, &trunk, &billing] {
            database.run(&project, &["rollback", "billing@base", "--allow-destructive", "all"]);
            let tables = database.run(&project, &["inspect"]);
            assert!(!tables.contains("invoices") && !tables.contains("lines"), "{dialect}: {tables}");
            assert!(tables.contains("posts"), "{dialect}: {tables}");
        }
    }
}

#[test]
fn what_depends_on_another_branch_becomes_one_with_it() {
    for kind in KINDS {
        let project = project();
        let names = ["whole", "trunk", "billing", "new", "begun"];
        let [whole, trunk, billing, new, begun] = names.map(|name| kind(&project, name));
        let dialect = whole.dialect();
        whole.run(&project, &["apply", "heads"]);
        trunk.run(&project, &["apply", "0002_posts"]);
        billing.run(&project, &["apply", "billing@head"]);
        let wanted = whole.run(&project, &["inspect"]);
        project.run(&["checkpoint", "0003_lines", "-q"]).ok();
        project.run(&["check"]).ok();
        begun.run(&project, &["apply", "0003_lines"]);
        assert_eq!(begun.run(&project, &["inspect"]), wanted, "{dialect}");
        // Only together with what it depends on.
        let said = project.run(&["squash", "0002_posts..0003_lines"]).fails(1);
        assert!(said.contains("E440"), "{said}");
        project.run(&["squash", "base..0003_lines", "-m", "all", "-q"]).ok();
        project.run(&["check"]).ok();
        let text = project.read("revisions/0003_all.kdl");
        assert!(text.contains("labels billing") && !text.contains("depends-on"), "{text}");
        for (name, database) in names.iter().zip([&whole, &trunk, &billing, &new, &begun]) {
            database.run(&project, &["apply"]);
            assert_eq!(database.run(&project, &["inspect"]), wanted, "{dialect} {name}");
            assert_eq!(database.run(&project, &["drift"]), "", "{dialect} {name}");
            database.run(&project, &["rollback", "base", "--allow-destructive", "all"]);
            let left = sql::rows(
                database.url(),
                "SELECT count(*) FROM schemactl_journal WHERE event = 'rolled-back'",
            );
            assert_ne!(left, ["0"], "{dialect} {name}");
            assert!(!database.run(&project, &["inspect"]).contains("table"), "{dialect} {name}");
        }
    }
}
