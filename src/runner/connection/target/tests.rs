//! Tables of URLs: what they show, and that no password gets out of any of them.

use super::*;

fn shown(url: &str) -> String {
    match Target::parse(url) {
        Ok(target) => target.to_string(),
        Err(diagnostic) => format!("{diagnostic} | {}", diagnostic.help.as_deref().unwrap_or_default()),
    }
}

#[test]
fn a_url_is_one_line_with_something_on_it() {
    for url in ["", " \n"] {
        assert_eq!(shown(url), format!("E701: the database URL is empty | write one of {}", forms()));
    }
    for url in ["sqlite://a.db\nsqlite://b.db", "mysql://u:secret@h/d\r\nmore"] {
        assert_eq!(shown(url), "E701: the database URL has more than one line | write one URL");
    }
}

#[cfg(feature = "sqlite")]
#[test]
fn sqlite_urls() {
    for (url, expected) in [
        ("sqlite://shop.db", "sqlite://shop.db"),
        ("sqlite:shop.db", "sqlite://shop.db"),
        (" sqlite:///var/a%20b%3F.db?mode=ro\n", "sqlite:///var/a b?.db"),
        ("sqlite://100%.db", "sqlite://100%.db"),
        ("sqlite:file:shop.db", "sqlite://shop.db"),
        ("sqlite::memory:", "sqlite::memory:"),
        ("sqlite://:memory:", "sqlite::memory:"),
        ("SQLite://x?mode=memory", "sqlite::memory:"),
        ("sqlite://", "E701: the database URL names no file | write `sqlite://path/to/file.db`"),
        ("sqlite://a?moed=ro", "E701: the database URL has no parameter `moed` | write `mode`"),
        ("sqlite://a?mode=rwx", "E701: the database URL has an unknown value of `mode` | write `mode=rw`"),
        ("sqlite://%ff", "E701: the path of the database URL is not text | "),
        (
            "shop.db",
            "E702: the database URL does not begin with a kind of database | write `sqlite://shop.db`",
        ),
        ("sqllite://a", "E702: there is no kind of database named `sqllite` | write `sqlite://`"),
    ] {
        assert_eq!(shown(url), expected, "{url}");
    }
}

#[cfg(feature = "sqlite")]
#[test]
fn a_relative_path_is_read_from_the_given_folder() {
    let file = |url: &str| {
        Target::parse(url).unwrap().in_folder(Path::new("/srv")).missing_file().map(Path::to_owned)
    };
    assert_eq!(file("sqlite://no/such.db").unwrap(), Path::new("/srv/no/such.db"));
    assert_eq!(file("sqlite:///no/such.db").unwrap(), Path::new("/no/such.db"));
    assert_eq!(file("sqlite::memory:"), None);
}

#[cfg(feature = "postgres")]
#[test]
fn postgres_urls() {
    for (url, expected) in [
        ("postgres://u@h:1/d", "postgres://u@h:1/d"),
        ("postgresql://u:p@h:1/d?sslmode=require", "postgres://u@h:1/d"),
        ("postgres://u@h:1/d?connect_timeout=3&sslrootcert=system", "postgres://u@h:1/d"),
        ("postgres:///d?host=/run/pg&user=u&port=1", "postgres://u@/d?host=/run/pg&port=1"),
        ("postgres://u:a+b%40@/d?host=/run/pg", "postgres://u@/d?host=/run/pg"),
        ("postgres://u@:1/d?host=/run/pg", "postgres://u@/d?host=/run/pg&port=1"),
        ("postgres://u:p@?host=h&dbname=d", "postgres://u@h:5432/d"),
        ("postgres://u@%2Frun%2Fpg/d", "postgres://u@/d?host=/run/pg"),
        ("postgres://u@[::1]:1/d", "postgres://u@[::1]:1/d"),
        (
            "postgres://u@h/d?sslrootcert=/no/such.crt",
            "E701: can't read the file `/no/such.crt` that `sslrootcert` of the database URL names: No such file or \
             directory (os error 2) | give the path of a file in PEM format",
        ),
        ("postgres://u@h:1/d?options[search_path]=a", "postgres://u@h:1/d"),
        ("postgres://u@h/d?sslmod=x", "E701: the database URL has no parameter `sslmod` | write `sslmode`"),
        (
            "postgres://u@h/d?sslmode=verify-ful",
            "E701: the parameter `sslmode` of the database URL has a value that it can't have | write \
             `sslmode=verify-full`",
        ),
        ("postgers://u@h/d", "E702: there is no kind of database named `postgers` | write `postgres://`"),
    ] {
        assert_eq!(shown(url), expected, "{url}");
    }
}

#[cfg(feature = "mysql")]
#[test]
fn mysql_urls() {
    for (url, expected) in [
        ("mysql://u@h:1/d", "mysql://u@h:1/d"),
        ("mariadb://u:p@h/d?ssl-mode=REQUIRED", "mysql://u@h:3306/d"),
        ("mysql://u@h/d?ssl-mode=verify-ca&charset=utf8mb4&connect_timeout=3", "mysql://u@h:3306/d"),
        ("mysql://a%40b:p@[::1]/sh%20op", "mysql://a@b@[::1]:3306/sh op"),
        ("mysql://u:a+b%40@/d?socket=/run/m.sock", "mysql://u@/d?socket=/run/m.sock"),
        ("mysql:///d?socket=/run/m.sock&user=u", "mysql://u@/d?socket=/run/m.sock"),
        ("mysql://u@:1/d", "mysql://u@localhost:1/d"),
        ("mysql://u:p@h", "E701: the database URL names no database | write `mysql://user@host/database`"),
        ("mysql://u@h/d?ssl-mod=x", "E701: the database URL has no parameter `ssl-mod` | write `ssl-mode`"),
        (
            "mysql://u@h/d?ssl-mode=requird",
            "E701: the parameter `ssl-mode` of the database URL has a value that it can't have | write \
             `ssl-mode=required`",
        ),
        (
            "mysql://u@h/d?charset=latin1",
            "E701: the parameter `charset` of the database URL has a value that it can't have | leave it out, or \
             write `charset=utf8mb4`",
        ),
        (
            "mysql://u@h/d?ssl-ca=no/such.pem",
            "E701: can't read the file `no/such.pem` that `ssl-ca` of the database URL names: No such file or \
             directory (os error 2) | give the path of a file in PEM format",
        ),
        ("mysq://u@h/d", "E702: there is no kind of database named `mysq` | write `mysql://`"),
    ] {
        assert_eq!(shown(url), expected, "{url}");
    }
    let none = Target::parse_server("mysql://u:p@h").unwrap();
    assert_eq!(none.to_string(), "mysql://u@h:3306/");
    assert_eq!(Target::parse_server("MariaDB://u@h/one").unwrap().to_string(), "mysql://u@h:3306/one");
    let server = Target::parse("mysql://u:p@h/one").unwrap();
    let other = server.in_database("two").unwrap();
    assert_eq!((other.to_string().as_str(), other.is_local()), ("mysql://u@h:3306/two", false));
    assert!(Target::parse("mysql://u@/d?socket=/run/m.sock").unwrap().is_local());
}

#[test]
fn other_databases_are_unknown_with_the_known_ones() {
    let message = shown("oracle://scott:tiger@h/d");
    assert!(
        message.starts_with("E702: there is no kind of database named `oracle` | write one of `"),
        "{message}"
    );
    assert!(!message.contains("tiger"));
}

/// Passwords with every character that a URL gives a meaning to, written as they are and encoded.
#[test]
fn no_password_is_ever_shown() {
    let urls = [
        "postgres://u:hunter42@h:1/d",
        "postgres://u:hunter%342@h:1/d",
        "postgres://h:1/d?user=u&password=hunter42",
        "postgres://u:hunter42@/d?host=/run/pg",
        "postgres://u:hunter%342@/d",
        "postgres://u:12#hunter42@h/d",
        "postgres://u:12/hunter42@/d",
        "postgres://u:12?hunter42@/d",
        "postgres://u:12#hunter42@/d",
        "postgres://u:12/hunter42@h/d",
        "postgres://u:12/x/hunter42",
        "postgres://u:12?hunter42@h/d",
        "postgres://u:12?hunter42",
        "postgres://u:hunter42/x@h/d",
        "postgres://u:hunter42 @h:x/d",
        "postgres://u:p@hunter42@h/d?nope=1",
        "u:hunter42@h/d",
        "hunter42",
        "mysql://u:hunter42@h:1/d",
        "mysql://u:hunter%342@h:1/d",
        "mysql://h:1/d?user=u&password=hunter42",
        "mysql://u:hunter%342@/d?socket=/run/m.sock",
        "mysql://u:12#hunter42@h/d",
        "mysql://u:12/hunter42@h/d",
        "mysql://u:12?hunter42",
        "mysql://u:hunter42@h",
        "mariadb://u:p@hunter42@h/d?nope=1",
        "oracle:hunter42@h",
        "sqlite://a?hunter42",
    ];
    for url in urls {
        let said = match Target::parse(url) {
            Ok(target) => {
                let password = if url.contains('%') { "hunter%342 hunter42" } else { "hunter42" };
                format!("{target} {target:?} {}", target.scrub(password))
            }
            Err(diagnostic) => format!("{diagnostic:?}"),
        };
        assert!(!said.contains("hunter4") && !said.contains("hunter%34"), "{url}: {said}");
    }
}
