//! Logins to MySQL and MariaDB, and rights: what is missing is named, and no password is.

use schemactl::runner::connection::{Connection, Options, Target};

use std::time::{Duration, Instant};

use crate::connection::{Fresh, block_on, cell, error, refused};
use crate::support::{mysql, postgres, sql};

/// A user of a test, dropped with this value.
struct User(String);

impl User {
    fn new(name: &str, password: &str, grants: &[&str]) -> Self {
        let name = format!("test_{}_{name}", std::process::id());
        sql::execute(mysql::server(), &format!("CREATE USER {name}@'%' IDENTIFIED BY '{password}'"));
        for grant in grants {
            sql::execute(mysql::server(), &format!("GRANT {grant} TO {name}@'%'"));
        }
        Self(name)
    }

    /// The URL of a database for this user.
    fn url(&self, database: &str, password: &str) -> String {
        let mut url: url::Url = mysql::in_database(database).parse().unwrap();
        url.set_username(&self.0).unwrap();
        url.set_password(Some(password)).unwrap();
        url.into()
    }
}

impl Drop for User {
    fn drop(&mut self) {
        sql::clean_up(mysql::server(), &format!("DROP USER {}@'%'", self.0));
    }
}

#[test]
fn a_login_that_is_refused_says_why_and_never_the_password() {
    block_on(async {
        let database = mysql::database("login");
        let user = User::new("login", "p@ss:w0rd", &[]);
        let wrong = refused(&user.url(&database.name, "p@ss:/?#[]'\"w")).await;
        assert!(wrong.starts_with("E704: can't connect to `mysql://test_"), "{wrong}");
        assert!(wrong.ends_with("| check the user and the password of the URL"), "{wrong}");
        let denied = refused(&user.url(&database.name, "p@ss:w0rd")).await;
        assert!(denied.starts_with("E708: can't connect to `mysql://test_"), "{denied}");
        let grant =
            format!("let an administrator run `GRANT ALL ON `{}`.* TO '{}'@'%'`", database.name, user.0);
        assert!(denied.ends_with(&grant), "{denied}");
        let missing = refused(&mysql::in_database("no such")).await;
        assert!(missing.starts_with("E703") && missing.contains("Unknown database 'no such'"), "{missing}");
        let unreachable = refused("mysql://u:p%40ssw0rd@127.0.0.1:1/d").await;
        assert!(unreachable.starts_with("E703: can't connect to `mysql://u@127.0.0.1:1/d`"), "{unreachable}");
        let unknown = refused("mysql://u:p%40ssw0rd@no-such-host.invalid/d").await;
        assert!(unknown.starts_with("E703"), "{unknown}");
        for said in [wrong, denied, unreachable, unknown] {
            assert!(!said.contains("p@ss") && !said.contains("p%40ss"), "{said}");
        }
    });
}

#[test]
fn a_right_that_is_missing_is_named() {
    block_on(async {
        let database = mysql::database("rights");
        let user = User::new("rights", "secret", &[&format!("SELECT ON `{}`.*", database.name)]);
        let target = Target::parse(&user.url(&database.name, "secret")).unwrap();
        let mut connection = Connection::connect(&target, &Options::new("test")).await.unwrap();
        let denied = error(&mut connection, "CREATE TABLE t (a int)").await;
        let help = denied.diagnostic("can't create").help.unwrap();
        let expected =
            format!("let an administrator run `GRANT CREATE ON `{}`.`t` TO '{}'@'%'`", database.name, user.0);
        assert_eq!(help, expected, "{denied:?}");
        let denied = error(&mut connection, "SELECT * FROM information_schema.innodb_trx").await;
        let help = denied.diagnostic("can't look").help.unwrap();
        assert_eq!(help, format!("let an administrator run `GRANT PROCESS ON *.* TO '{}'@'%'`", user.0));
        let unseen = format!("who is in the way, `GRANT PROCESS ON *.* TO '{}'@'%'` lets be seen", user.0);
        assert_eq!(connection.blockers("SELECT 1").await.unwrap(), [unseen]);
    });
}

/// The server keeps a digest of a password once it has seen it; without one, the whole password goes over, encrypted.
#[test]
fn a_routine_that_may_not_be_run_is_named_with_its_right() {
    block_on(async {
        let database = mysql::database("routine");
        sql::execute(&database.url, "CREATE PROCEDURE p() SELECT 1");
        let user = User::new("routine", "secret", &[&format!("SELECT ON `{}`.*", database.name)]);
        let target = Target::parse(&user.url(&database.name, "secret")).unwrap();
        let mut connection = Connection::connect(&target, &Options::new("test")).await.unwrap();
        let denied = error(&mut connection, "CALL p()").await;
        let help = denied.diagnostic("can't call").help.unwrap();
        assert_eq!(
            help,
            format!("let an administrator run `GRANT EXECUTE ON `{}`.* TO '{}'@'%'`", database.name, user.0)
        );
    });
}

#[test]
fn who_may_not_see_the_holder_of_the_lock_is_told_the_right() {
    block_on(async {
        let database = mysql::database("holder");
        let user = User::new("holder", "secret", &[&format!("SELECT ON `{}`.*", database.name)]);
        let mut first = Fresh::at(database.url.clone()).connect().await;
        assert!(first.try_lock(7).await.unwrap());
        let target = Target::parse(&user.url(&database.name, "secret")).unwrap();
        let mut second = Connection::connect(&target, &Options::new("test")).await.unwrap();
        assert!(!second.try_lock(7).await.unwrap());
        let holder = second.holder(7).await.unwrap().unwrap();
        let process = cell(&mut first, "SELECT connection_id()").await.unwrap();
        let expected =
            format!("process {process}, which `GRANT PROCESS ON *.* TO '{}'@'%'` lets be seen", user.0);
        assert_eq!(holder.description, expected);
        assert!(first.unlock(7).await.unwrap());
        assert_eq!(second.holder(7).await.unwrap(), None);
    });
}

#[test]
fn a_password_goes_over_encrypted_with_and_without_tls() {
    block_on(async {
        let database = mysql::database("password");
        let password = "p\u{e4}ss:/?#[]'\"w";
        let user =
            User::new("password", &password.replace('\'', "''"), &[&format!("ALL ON `{}`.*", database.name)]);
        let url = user.url(&database.name, password);
        let wrong = user.url(&database.name, "wrong");
        let modes: &[&str] =
            if mysql::is_mariadb() { &["disabled", "preferred"] } else { &["disabled", "required"] };
        for mode in modes {
            sql::execute(mysql::server(), "FLUSH PRIVILEGES");
            // The second time the server knows the password.
            for _ in 0..2 {
                let target = Target::parse(&format!("{url}?ssl-mode={mode}")).unwrap();
                let mut connection = Connection::connect(&target, &Options::new("test")).await.unwrap();
                let cipher = "SHOW SESSION STATUS LIKE 'Ssl_cipher'";
                let cipher = connection.query(cipher).await.unwrap()[0].get(1).unwrap().to_owned();
                assert_eq!(cipher.is_empty(), *mode != "required", "{mode}: {cipher}");
            }
            let said = refused(&format!("{wrong}?ssl-mode={mode}")).await;
            assert!(said.starts_with("E704: ") && said.contains("using password: YES"), "{said}");
        }
    });
}

#[test]
fn certificates_are_asked_for_as_the_url_says() {
    block_on(async {
        let (port, folder) = mysql::secured();
        let file = |name: &str| folder.join(name).display().to_string();
        let tried = async |host: &str, parameters: &str| {
            let url = format!("mysql://root@{host}:{port}/mysql?{parameters}");
            match Connection::connect(&Target::parse(&url).unwrap(), &Options::new("test")).await {
                Ok(mut connection) => {
                    let cipher = "SHOW SESSION STATUS LIKE 'Ssl_cipher'";
                    let cipher = connection.query(cipher).await.unwrap()[0].get(1).unwrap().to_owned();
                    if cipher.is_empty() { "plain" } else { "encrypted" }.to_owned()
                }
                Err(error) => format!("{error}"),
            }
        };
        let (ours, other) = (file("server.crt"), file("other.crt"));
        assert_eq!(tried("127.0.0.1", "").await, "encrypted");
        assert_eq!(tried("127.0.0.1", "ssl-mode=disabled").await, "plain");
        assert_eq!(tried("127.0.0.1", "ssl-mode=required").await, "encrypted");
        assert_eq!(tried("127.0.0.1", &format!("ssl-ca={ours}")).await, "encrypted");
        assert_eq!(tried("localhost", &format!("ssl-mode=verify_identity&ssl-ca={ours}")).await, "encrypted");
        let issued = tried("127.0.0.1", &format!("ssl-mode=verify_identity&ssl-ca={ours}")).await;
        assert!(issued.starts_with("E728: ") && issued.contains("certificate is refused"), "{issued}");
        let strange = tried("127.0.0.1", &format!("ssl-ca={other}")).await;
        assert!(
            strange.starts_with("E728: ") && strange.contains("name the file of its authority"),
            "{strange}"
        );
        let socket = format!("mysql://root@/mysql?socket={}", file("socket"));
        Connection::connect(&Target::parse(&socket).unwrap(), &Options::new("test")).await.unwrap();
        let plain = mysql::Own::start("--skip-ssl").url;
        let said = refused(&format!("{plain}/mysql?ssl-mode=required")).await;
        assert!(said.starts_with("E728: ") && said.contains("does not support TLS"), "{said}");
    });
}

#[test]
fn a_host_that_never_answers_is_given_up() {
    block_on(async {
        let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = silent.local_addr().unwrap().port();
        let said = refused(&format!("mysql://u@127.0.0.1:{port}/d?connect_timeout=1")).await;
        assert!(said.contains("no answer within 1 s"), "{said}");
    });
}

#[test]
fn versions_are_known() {
    block_on(async {
        let connection = Fresh::mysql().connect().await;
        assert_eq!((connection.dialect(), connection.namespace()), ("mysql", None));
        assert!(connection.version().major >= 8, "{:?}", connection.version());
    });
}

#[test]
fn a_server_of_another_kind_is_named_soon() {
    let place = |server: &str| {
        let url: url::Url = server.parse().unwrap();
        format!("u:s3cret@{}:{}/d", url.host_str().unwrap(), url.port().unwrap())
    };
    let (mysql, postgres) = (place(mysql::server()), place(postgres::server()));
    for (url, expected) in [
        (
            format!("mysql://{postgres}"),
            ["a PostgreSQL server answers there", "begin the URL with `postgres://`"],
        ),
        (
            format!("postgres://{mysql}"),
            ["a MySQL or MariaDB server answers there", "begin the URL with `mysql://`"],
        ),
    ] {
        let start = Instant::now();
        let said = block_on(refused(&url));
        assert!(said.starts_with("E703: can't connect to ") && !said.contains("s3cret"), "{said}");
        assert!(expected.iter().all(|words| said.contains(words)), "{said}");
        assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    }
}
