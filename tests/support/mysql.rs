//! A private MariaDB for the tests: started once per process on first use, stopped when the process is gone, however it
//! went. `SCHEMACTL_TEST_MYSQL_URL` names a server to use instead, of either vendor, and `SCHEMACTL_TEST_MYSQL_PROGRAM` a
//! program that takes the options of MySQL's server, for tests that need one of their own. Nothing here ever skips a test.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use url::Url;

use super::private::{Account, START_SECONDS_MAX, free_port, text, three_times};
use super::sql;

/// A database of one test, dropped with this value.
pub struct TestDatabase {
    /// Where the database is, with user and password.
    pub url: String,
    /// Its name on the server.
    pub name: String,
}

/// Creates an empty database, named after the test for whoever looks at the server's log.
pub fn database(name_hint: &str) -> TestDatabase {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}_{name_hint}", process::id());
    let name = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(63).collect::<String>();
    sql::execute(server(), &format!("CREATE DATABASE `{name}`"));
    TestDatabase { url: in_database(&name), name }
}

/// The URL of a database on the server.
pub fn in_database(name: &str) -> String {
    let mut url: Url = server().parse().expect("the server's URL was used to connect");
    url.set_path(name);
    url.into()
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let connected = "SELECT id FROM information_schema.processlist WHERE db = ";
        if let Ok(mut server) = sql::Session::try_open(server()) {
            for process in server.try_rows(&format!("{connected}'{}'", self.name)).unwrap_or_default() {
                // It may be gone by itself.
                let _ = server.try_rows(&format!("KILL {process}"));
            }
        }
        let drop = format!("SET SESSION lock_wait_timeout = 20; DROP DATABASE `{}`", self.name);
        sql::clean_up(server(), &drop);
    }
}

/// Whether the server is MariaDB.
pub fn is_mariadb() -> bool {
    version().contains("MariaDB")
}

/// Whether the server has the type `vector` of MySQL 9.
pub fn has_vector() -> bool {
    !is_mariadb() && !version().starts_with("8.")
}

fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| sql::rows(server(), "SELECT version()").join(""))
}

/// The URL of the server, without a database. Tests create nothing there but databases and users.
pub fn server() -> &'static str {
    static SERVER: OnceLock<Result<String, String>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match env::var("SCHEMACTL_TEST_MYSQL_URL") {
        Ok(url) => check(&url).map(|()| url),
        Err(_) => start(),
    });
    match server {
        Ok(url) => url,
        Err(why) => panic!("no MariaDB or MySQL to test on: {why}"),
    }
}

fn check(url: &str) -> Result<(), String> {
    let reason = |error| format!("the one that SCHEMACTL_TEST_MYSQL_URL names can't be reached: {error}");
    sql::Session::try_open(url).map(drop).map_err(reason)
}

fn start() -> Result<String, String> {
    let (port, _) = start_server(&Programs::of_mariadb()?, "", "")?;
    Ok(format!("mysql://root@127.0.0.1:{port}"))
}

/// A server of a test's own, for settings of a whole server and for its end.
pub struct Own {
    /// The URL of the server, without a database.
    pub url: String,
    folder: PathBuf,
}

impl Own {
    /// Starts a MariaDB, with more options.
    pub fn start(options: &str) -> Self {
        Self::of(Programs::of_mariadb(), options)
    }

    /// Starts one of the vendor of the server that all tests use, with more options; of MySQL if there is a program.
    pub fn like_server(options: &str) -> Self {
        match env::var_os("SCHEMACTL_TEST_MYSQL_PROGRAM") {
            Some(program) if Self::is_of_mysql() => {
                Self::of(Ok(Programs::Mysql { server: program.into() }), options)
            }
            Some(_) | None => Self::start(options),
        }
    }

    /// Whether those of the vendor are of MySQL.
    pub fn is_of_mysql() -> bool {
        !is_mariadb() && env::var_os("SCHEMACTL_TEST_MYSQL_PROGRAM").is_some()
    }

    fn of(programs: Result<Programs, String>, options: &str) -> Self {
        let started = programs.and_then(|programs| start_server(&programs, "", options));
        let (port, folder) = started.unwrap_or_else(|why| panic!("no server to test on: {why}"));
        Self { url: format!("mysql://root@127.0.0.1:{port}"), folder }
    }

    /// Kills the server, as a crash would, and starts it again on the same data and port.
    pub fn crash(&self) {
        fs::write(self.folder.join("again"), "").expect("the folder is there");
        self.stop();
        let end = Instant::now() + Duration::from_secs(START_SECONDS_MAX);
        while sql::Session::try_open(&self.url).is_err() {
            assert!(Instant::now() < end, "the server didn't come back");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills the server for good.
    pub fn stop(&self) {
        let process = fs::read_to_string(self.folder.join("server")).expect("the server was started");
        let killed = Command::new("kill").args(["-KILL", process.trim()]).status();
        assert!(killed.is_ok_and(|status| status.success()), "the server was there");
        // What was connected is told at once; what connects now could still meet the one that goes.
        while Path::new("/proc").join(process.trim()).exists() {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A certificate for `localhost` that the server shows, and another one.
const CERTIFICATES: &str = r#"
    for name in server other; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=$name -addext subjectAltName=DNS:localhost \
            -addext basicConstraints=critical,CA:FALSE -keyout "$3/$name.key" -out "$3/$name.crt"
    done
    set -- "$1" "$2" "$3" "$4" "--ssl-cert=$3/server.crt --ssl-key=$3/server.key"
"#;

/// A MariaDB with TLS: its port, and its folder with the socket, its certificate `server.crt` and another one,
/// `other.crt`.
pub fn secured() -> &'static (u16, PathBuf) {
    static SERVER: OnceLock<(u16, PathBuf)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let started = Programs::of_mariadb().and_then(|programs| start_server(&programs, CERTIFICATES, ""));
        started.unwrap_or_else(|why| panic!("no MariaDB with TLS to test on: {why}"))
    })
}

/// Starts a server and returns its port and folder. Between finding a free port and using it, somebody else may take it, so
/// that it is tried again.
fn start_server(programs: &Programs, prepare: &str, options: &str) -> Result<(u16, PathBuf), String> {
    three_times(|| start_once(programs, prepare, options))
}

/// Starts a server. A watching shell owns server and folder: it reads from a pipe whose
/// other end this process holds, and when that ends, by exit, panic or SIGKILL, it stops the one and removes the other.
fn start_once(programs: &Programs, prepare: &str, options: &str) -> Result<(u16, PathBuf), String> {
    let account = Account::unprivileged("mysql")?;
    let folder = tempfile::Builder::new().prefix("schemactl-mariadb-").tempdir().map_err(text)?.keep();
    account.own(&folder)?;
    let port = free_port()?;
    let mut watcher = programs.launch(&folder, port, &account, [prepare, options])?;
    if !wait_until_ready(&folder) {
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        return Err(format!("the server didn't start; its log says:\n{log}"));
    }
    // This end of the pipe is open for as long as this process lives.
    std::mem::forget(watcher.stdin.take());
    Ok((port, folder))
}

/// A vendor's programs.
enum Programs {
    Mariadb { server: PathBuf, install: PathBuf },
    Mysql { server: PathBuf },
}

impl Programs {
    /// Those on `PATH`, or in Debian's folders.
    fn of_mariadb() -> Result<Self, String> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> =
            env::split_paths(&path).chain(["/usr/sbin", "/usr/bin"].map(PathBuf::from)).collect();
        let find = |name: &str| {
            let found = folders.iter().map(|folder| folder.join(name)).find(|path| path.exists());
            found.ok_or_else(|| {
                format!(
                    "neither PATH nor Debian's folders have `{name}`; run tests/run, which installs it, or set \
                     SCHEMACTL_TEST_MYSQL_URL"
                )
            })
        };
        Ok(Self::Mariadb { server: find("mariadbd")?, install: find("mariadb-install-db")? })
    }

    /// Creates and starts the server under its watcher, in a process group of its own, so that Ctrl-C on the terminal
    /// reaches the tests alone and the watcher is there to see them end. The first of `more` is run before, and can set
    /// the options.
    fn launch(&self, folder: &Path, port: u16, account: &Account, more: [&str; 2]) -> Result<Child, String> {
        const WATCH: &str = r#"
            trap '' INT TERM HUP
            exec 3<&0 >"$3/log" 2>&1
            eval "$6"
            quick="--loose-innodb-log-file-size=16M --innodb-flush-log-at-trx-commit=2 --innodb-doublewrite=0 \
                --innodb-flush-method=nosync --loose-sync-frm=0 --innodb-use-native-aio=0 --loose-mysqlx=OFF --secure-file-priv="
            serve() {
                "$1" --no-defaults --datadir="$3/data" --port="$4" --bind-address=127.0.0.1 --socket="$3/socket" --tmpdir="$3" \
                    --pid-file="$3/pid" --skip-name-resolve --max-connections=300 --skip-log-bin \
                    --character-set-server=utf8mb4 $quick $5 </dev/null 3<&- &
                server=$!
                echo $server >"$3/server"
            }
            install() {
                if test -n "$2"; then
                    "$2" --no-defaults --datadir="$3/data" --auth-root-authentication-method=normal --skip-test-db \
                        --skip-name-resolve --tmpdir="$3" $quick $5
                else
                    echo "CREATE USER root@'%'; GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;" >"$3/users"
                    "$1" --no-defaults --initialize-insecure --init-file="$3/users" --datadir="$3/data" \
                        --tmpdir="$3" $quick $5
                fi
            }
            if install "$@"; then
                serve "$@"
                (
                    read -r _ <&3
                    : >"$3/stop"
                    until test -e "$3/ended"; do kill -KILL "$(cat "$3/server")"; sleep 0.1; done
                ) &
                wait $server
                while test -e "$3/again" && ! test -e "$3/stop"; do
                    rm "$3/again"
                    serve "$@"
                    wait $server
                done
            fi
            : >"$3/ended"
            read -r _ <&3
            wait
            cd / && rm -rf "$3"
        "#;
        let [prepare, options] = more;
        let mut command = Command::new("sh");
        let (server, install) = match self {
            Self::Mariadb { server, install } => (server.as_path(), install.as_path()),
            Self::Mysql { server } => (server.as_path(), Path::new("")),
        };
        command.args(["-c", WATCH, "watch"]).arg(server).arg(install).arg(folder);
        command.arg(port.to_string()).args([options, prepare]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.process_group(0).current_dir(folder);
        account.run_as(&mut command).spawn().map_err(text)
    }
}

/// Waits for the server to say in its log that it is ready; false when it gave up.
fn wait_until_ready(folder: &Path) -> bool {
    let end = Instant::now() + Duration::from_secs(START_SECONDS_MAX);
    let (log, ended) = (folder.join("log"), folder.join("ended"));
    while Instant::now() < end && !ended.exists() {
        if fs::read_to_string(&log).unwrap_or_default().contains("ready for connections") {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}
