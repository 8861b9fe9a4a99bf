//! Ways to the server: TLS, sockets, passwords, and what is said where they lead nowhere.

use crate::support::postgres::secured;
use crate::support::project::Project;
use crate::support::sql;

/// A password with every character that a URL gives a meaning to.
const PASSWORD: &str = "p@ss:/?#[]%'\"+ x";
const WRITTEN: &str = "p%40ss%3A%2F%3F%23%5B%5D%25%27%22%2B%20x";

/// Creates a role of this name with the password, for one test.
fn role(name: &str) {
    let (port, _) = secured();
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    sql::execute(&url, &format!("CREATE ROLE {name} LOGIN PASSWORD '{}'", PASSWORD.replace('\'', "''")));
}

fn project() -> Project {
    let (port, folder) = secured();
    let mut project = Project::empty();
    project.run(&["init", "--dialects", "postgres"]).ok();
    project.hide(&folder.display().to_string(), "[FOLDER]").hide(&port.to_string(), "[PORT]");
    project
}

fn status(project: &Project, url: &str) -> String {
    let output = project.run(&["status", "--url", url]).to_string();
    assert!(!output.contains("p@ss") && !output.contains("p%40ss"), "{output}");
    output
}

#[test]
fn each_mode_of_tls_asks_what_it_says() {
    role("tls");
    let (port, folder) = secured();
    let project = project();
    let url = |host: &str, parameters: &str| {
        format!(
            "postgres://tls:{WRITTEN}@{host}:{port}/postgres?{}",
            parameters.replace("[FOLDER]", &folder.display().to_string())
        )
    };
    for (host, parameters) in [
        ("127.0.0.1", ""),
        ("127.0.0.1", "sslmode=disable"),
        ("127.0.0.1", "sslmode=require"),
        ("127.0.0.1", "sslmode=verify-ca&sslrootcert=[FOLDER]/server.crt"),
        ("localhost", "sslmode=verify-full&sslrootcert=[FOLDER]/server.crt"),
    ] {
        let said = status(&project, &url(host, parameters));
        assert!(said.contains("at         base"), "{host} {parameters}: {said}");
    }
    for (host, parameters, words) in [
        (
            "127.0.0.1",
            "sslmode=verify-full&sslrootcert=[FOLDER]/server.crt",
            "not valid for name \"127.0.0.1\"",
        ),
        (
            "localhost",
            "sslmode=verify-full&sslrootcert=[FOLDER]/other.crt",
            "nobody who is trusted here has signed it",
        ),
        ("localhost", "sslmode=verify-full", "nobody who is trusted here has signed it"),
        (
            "localhost",
            "sslmode=verify-full&sslrootcert=[FOLDER]/no.crt",
            "can't read the file `[FOLDER]/no.crt`",
        ),
    ] {
        let said = status(&project, &url(host, parameters));
        assert!(said.contains(words) && said.contains("----- exit "), "{host} {parameters}: {said}");
    }
}

#[test]
fn a_server_without_tls_is_refused_where_it_is_required() {
    let database = crate::support::postgres::database("plain");
    let said = status(&project(), &format!("{}?sslmode=require", database.url));
    assert!(said.contains("error[E728]") && said.contains("no TLS: server does not support TLS"), "{said}");
}

#[test]
fn a_socket_is_found_however_the_url_says_it() {
    role("socket");
    let (port, folder) = secured();
    let (project, folder) = (project(), folder.display());
    let encoded = folder.to_string().replace('/', "%2F");
    for url in [
        format!("postgres://socket:{WRITTEN}@/postgres?host={folder}&port={port}"),
        format!("postgres://socket:{WRITTEN}@:{port}/postgres?host={folder}"),
        format!("postgres://socket:{WRITTEN}@{encoded}:{port}/postgres"),
        format!("postgres:///postgres?host={folder}&port={port}&user=socket&password={WRITTEN}"),
    ] {
        let said = status(&project, &url);
        assert!(said.contains("at         base"), "{url}: {said}");
    }
    let said = status(&project, &format!("postgres://socket:{WRITTEN}@/postgres?host=/no/such&port={port}"));
    assert!(
        said.contains("can't connect to `postgres://socket@/postgres?host=/no/such&port=[PORT]`"),
        "{said}"
    );
}

#[test]
fn a_password_comes_from_the_url_the_variable_or_the_file() {
    role("guest");
    let (port, _) = secured();
    let url = format!("postgres://guest@localhost:{port}/postgres");
    let mut project = project();
    let refused = status(&project, &url);
    assert!(
        refused.contains("error[E704]") && refused.contains("password authentication failed"),
        "{refused}"
    );
    let file = project.path("../home/.pgpass");
    let escaped = PASSWORD.replace('\\', "\\\\").replace(':', "\\:");
    std::fs::write(&file, format!("localhost:{port}:*:guest:{escaped}\n")).unwrap();
    set_mode(&file, 0o600);
    assert!(status(&project, &url).contains("at         base"));
    set_mode(&file, 0o644);
    assert!(status(&project, &url).contains("error[E704]"), "a file that others may read is passed over");
    project.set("PGPASSWORD", PASSWORD);
    assert!(status(&project, &url).contains("at         base"));
    let wrong = format!("postgres://guest:p%40ssword@localhost:{port}/postgres");
    assert!(status(&project, &wrong).contains("error[E704]"), "the URL has precedence");
}

fn set_mode(file: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}
