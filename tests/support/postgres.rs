//! A private PostgreSQL for the tests: started once per process on first use, stopped when the process is gone,
//! however it went. `SCHEMACTL_TEST_POSTGRES_URL` names a server to use instead. Nothing here ever skips a test.

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
    name: String,
}

/// Creates an empty database, named after the test for whoever looks at the server's log.
pub fn database(name_hint: &str) -> TestDatabase {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}_{name_hint}", process::id());
    let name = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(63).collect::<String>();
    sql::execute(server(), &format!("CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"));
    let mut url: Url = server().parse().expect("the server's URL was used to connect");
    url.set_path(&name);
    TestDatabase { url: url.into(), name }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        sql::clean_up(server(), &format!("DROP DATABASE \"{}\" WITH (FORCE)", self.name));
    }
}

/// The URL of the server's own database, in which tests create nothing but databases and roles.
pub fn server() -> &'static str {
    static SERVER: OnceLock<Result<String, String>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match env::var("SCHEMACTL_TEST_POSTGRES_URL") {
        Ok(url) => check(&url).map(|()| url),
        Err(_) => start(),
    });
    match server {
        Ok(url) => url,
        Err(why) => panic!("no PostgreSQL to test on: {why}"),
    }
}

fn check(url: &str) -> Result<(), String> {
    let reason = |error| format!("the one that SCHEMACTL_TEST_POSTGRES_URL names can't be reached: {error}");
    sql::Session::try_open(url).map(drop).map_err(reason)
}

fn start() -> Result<String, String> {
    let (port, _) = start_server(&PLAIN)?;
    Ok(format!("postgres://postgres@127.0.0.1:{port}/postgres"))
}

/// How a server is set up beyond the usual.
struct Setup {
    /// Shell commands between the making of the data folder and the start; `$2` is the folder above it.
    prepare: &'static str,
    /// More options of the server.
    options: &'static str,
}

const PLAIN: Setup = Setup { prepare: "", options: "" };

/// A certificate for `localhost` that the server has signed itself; everybody but `postgres` needs a password.
const SECURED: Setup = Setup {
    prepare: r#"
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=test -addext subjectAltName=DNS:localhost \
            -addext basicConstraints=critical,CA:FALSE -keyout "$2/data/server.key" -out "$2/server.crt"
        chmod 600 "$2/data/server.key" && cp "$2/server.crt" "$2/data/server.crt"
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=other -keyout "$2/other.key" -out "$2/other.crt"
        for kind in local "host"; do
            test $kind = local && from= || from=all
            echo "$kind all postgres $from trust"
            echo "$kind all all $from scram-sha-256"
        done > "$2/data/pg_hba.conf"
    "#,
    options: "-c ssl=on",
};

/// A server with TLS and passwords: its port, and its folder with the socket, its certificate `server.crt` and
/// another one, `other.crt`.
pub fn secured() -> &'static (u16, PathBuf) {
    static SERVER: OnceLock<(u16, PathBuf)> = OnceLock::new();
    SERVER.get_or_init(|| {
        start_server(&SECURED).unwrap_or_else(|why| panic!("no PostgreSQL with TLS to test on: {why}"))
    })
}

/// Starts a server and returns its port and folder. Between finding a free port and using it, somebody else may take it, so
/// that it is tried again.
fn start_server(setup: &Setup) -> Result<(u16, PathBuf), String> {
    let (programs, account) = (Programs::find()?, Account::unprivileged("postgres")?);
    three_times(|| start_once(&programs, &account, setup))
}

/// Starts a server. A watching shell owns server and folder: it reads from a pipe whose other
/// end this process holds, and when that ends, by exit, panic or SIGKILL, it stops the one and removes the other.
fn start_once(programs: &Programs, account: &Account, setup: &Setup) -> Result<(u16, PathBuf), String> {
    let folder = tempfile::Builder::new().prefix("schemactl-postgres-").tempdir().map_err(text)?.keep();
    account.own(&folder)?;
    let port = free_port()?;
    let mut watcher = programs.launch(&folder, port, account, setup)?;
    if !wait_until_ready(&folder) {
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        return Err(format!("the server didn't start; its log says:\n{log}"));
    }
    // This end of the pipe is open for as long as this process lives.
    std::mem::forget(watcher.stdin.take());
    Ok((port, folder))
}

/// Where PostgreSQL's programs are.
struct Programs(PathBuf);

impl Programs {
    /// The folder on `PATH` that holds `initdb` and `postgres`, or the newest of Debian's.
    fn find() -> Result<Self, String> {
        let complete = |folder: &PathBuf| folder.join("initdb").exists() && folder.join("postgres").exists();
        let path = env::var_os("PATH").unwrap_or_default();
        if let Some(folder) = env::split_paths(&path).find(complete) {
            return Ok(Self(folder));
        }
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        versions
            .map(|version| version.path().join("bin"))
            .filter(complete)
            .max_by_key(|folder| version_in(folder))
            .map(Self)
            .ok_or_else(|| {
                "neither PATH nor /usr/lib/postgresql has initdb and postgres; \
                 run tests/run, which installs them, or set SCHEMACTL_TEST_POSTGRES_URL"
                    .to_owned()
            })
    }

    /// Creates and starts the server under its watcher, in a process group of its own, so that Ctrl-C on the terminal reaches
    /// the tests alone and the watcher is there to see them end. A shell's background process ignores the signal
    /// until it installs its own handler, so it is sent until the server is gone.
    fn launch(&self, folder: &Path, port: u16, account: &Account, setup: &Setup) -> Result<Child, String> {
        const WATCH: &str = r#"
            trap '' INT TERM HUP
            exec 3<&0 >"$2/log" 2>&1
            if "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync; then
                eval "$4"
                "$1/postgres" -D "$2/data" -k "$2" -p "$3" -c listen_addresses=127.0.0.1 -c timezone=UTC \
                    -c max_connections=200 -c max_prepared_transactions=10 \
                    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off $5 </dev/null 3<&- &
                server=$!
                (read -r _ <&3; while kill -QUIT $server; do sleep 0.1; done) &
                wait $server
            fi
            : >"$2/ended"
            read -r _ <&3
            cd / && rm -rf "$2"
        "#;
        let mut command = Command::new("sh");
        command.args(["-c", WATCH, "watch"]).arg(&self.0).arg(folder).arg(port.to_string());
        command.args([setup.prepare, setup.options]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.process_group(0).current_dir(folder);
        account.run_as(&mut command).spawn().map_err(text)
    }
}

/// The number of Debian's folder, `18` in `/usr/lib/postgresql/18/bin`.
fn version_in(folder: &Path) -> u32 {
    let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    version.and_then(|version| version.parse().ok()).unwrap_or(0)
}

/// Waits for the server to say `ready` in its pid file, as `pg_ctl` does; false when it gave up.
fn wait_until_ready(folder: &Path) -> bool {
    let end = Instant::now() + Duration::from_secs(START_SECONDS_MAX);
    let (status, ended) = (folder.join("data/postmaster.pid"), folder.join("ended"));
    while Instant::now() < end && !ended.exists() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        if status.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}
