//! `schemactl fmt`.

use insta::assert_snapshot;

use super::plan::shop;

#[test]
fn files_get_the_one_layout_and_keep_their_comments() {
    let project = shop();
    project.write(
        "schema/shop.kdl",
        "// mine\ntable   users   {\n column id   bigint primary-key // the key\n}\n",
    );
    project.write("schema/b/other.kdl", "table  b { column   id int primary-key; }\n");
    assert_snapshot!(project.run(&["fmt", "--check"]), @"
    schema/b/other.kdl
    schema/shop.kdl
    ----- stderr
    next: `schemactl fmt`
    ----- exit 4
    ");
    assert_snapshot!(project.run(&["fmt", "--check", "--format=json"]), @r#"
    {
      "format": 1,
      "unformatted": [
        "schema/b/other.kdl",
        "schema/shop.kdl"
      ]
    }
    ----- exit 4
    "#);
    assert_snapshot!(project.run(&["fmt"]), @"
    ----- stderr
       Formatted schema/b/other.kdl
       Formatted schema/shop.kdl
    ");
    assert_snapshot!(project.read("schema/shop.kdl"), @"
    // mine
    table users {
        column id bigint primary-key // the key
    }
    ");
    assert_snapshot!(project.read("schema/b/other.kdl"), @"table b { column id int primary-key }");
    assert_snapshot!(project.run(&["fmt"]), @"");
    project.run(&["fmt", "--check"]).ok();
}

#[test]
fn a_broken_file_stays_as_it_is() {
    let project = shop();
    let broken = "table users {\n";
    project.write("schema/broken.kdl", broken).write("schema/z.kdl", "table  z { column id int }\n");
    assert_snapshot!(project.run(&["fmt"]), @"
    ----- stderr
    error[E005]: a block is never closed
       ╭─[schema/broken.kdl:1:13]
     1 │ table users {
       ·             ┬
       ·             ╰── opened here
       ╰────
    help: add the missing `}`
    explain: schemactl explain E005
    ----- exit 1
    ");
    assert_eq!(project.read("schema/broken.kdl"), broken);
    assert_snapshot!(project.run(&["fmt", "schema/z.kdl", "none.kdl"]), @"
    ----- stderr
    error[E602]: can't read `none.kdl`: it doesn't exist
    help: make it, or correct the path
    explain: schemactl explain E602
    ----- exit 1
    ");
}

#[test]
fn a_checkout_with_carriage_returns_is_as_good_as_any() {
    let project = shop();
    project.run(&["fmt", "-q"]).ok();
    let kdl = |file: &String| file.ends_with(".kdl");
    for file in project.files().into_iter().filter(kdl) {
        project.write(&file, project.read(&file).replace('\n', "\r\n"));
    }
    project.run(&["fmt", "--check"]).ok();
    project.run(&["check"]).ok();
    project.run(&["verify"]).ok();
    project.write("schema/other.kdl", "table  b {\r\n column  id int\r\n}\r\n");
    project.run(&["fmt"]).ok();
    assert_eq!(project.read("schema/other.kdl"), "table b {\r\n    column id int\r\n}\r\n");
    project.write("schema/other.kdl", "table  b {\n column  id int\r\n}\r\n");
    project.run(&["fmt"]).ok();
    assert_eq!(project.read("schema/other.kdl"), "table b {\n    column id int\n}\n");
}

#[test]
#[cfg(unix)]
fn a_file_keeps_its_rights_and_the_link_that_leads_to_it() {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let project = super::plan::shop();
    let rights = |file: &str| fs::metadata(project.path(file)).unwrap().mode() & 0o777;
    fs::create_dir(project.path("shared")).unwrap();
    fs::rename(project.path("schema/shop.kdl"), project.path("shared/shop.kdl")).unwrap();
    std::os::unix::fs::symlink("../shared/shop.kdl", project.path("schema/shop.kdl")).unwrap();
    fs::set_permissions(project.path("schemactl.kdl"), fs::Permissions::from_mode(0o600)).unwrap();
    project.replace("schemactl.kdl", "env dev", "env   dev");
    project.run(&["fmt"]).ok();
    assert!(!project.read("schemactl.kdl").contains("env   dev"));
    assert_eq!(rights("schemactl.kdl"), 0o600);
    assert!(fs::symlink_metadata(project.path("schema/shop.kdl")).unwrap().is_symlink());
    assert!(project.read("shared/shop.kdl").starts_with("enum status"));
    // A new file has what the user's mask leaves of the rights.
    project.shell("mkdir new && umask 027 && schemactl init -q --project new").ok();
    assert_eq!(rights("new/schemactl.kdl"), 0o640);
}
