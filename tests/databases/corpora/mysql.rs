//! Schemas of real programs on MySQL and MariaDB, taken over by the command line and brought to an empty database.

use crate::inspect::mysql::corpora::{created, load, scripts};
use crate::support::mysql;
use crate::support::project::Project;

#[test]
fn schemas_of_real_programs_are_taken_over_and_made_elsewhere() {
    for (name, script) in scripts() {
        let (published, ours) = (mysql::database("published"), mysql::database("ours"));
        load(&published.url, &script);
        let texts = created(&published.url);
        let project = Project::empty();
        let run = |arguments: &[&str], url: &str| {
            let output = project.run(&[arguments, &["--url", url]].concat());
            assert_eq!(output.code, Some(0), "{name}: {output}");
            output
        };
        project.run(&["init", "--from", &published.url, "-q"]).ok();
        let read = run(&["inspect"], &published.url);
        assert!(!read.stderr.contains("not part of the schema"), "{name}: {read}");
        run(&["apply", "-q"], &ours.url);
        assert_eq!(run(&["inspect"], &ours.url).stdout, read.stdout, "{name}");
        assert_eq!(created(&ours.url), texts, "{name}");
        let proved = run(&["prove"], &ours.url);
        assert!(proved.stderr.contains("Proved 0001_"), "{name}: {proved}");
        run(&["stamp", "head"], &published.url);
        run(&["drift"], &published.url);
    }
}
