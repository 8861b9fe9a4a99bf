//! A proxy in front of MySQL or MariaDB that stops a program at a statement of its run: before the server has it, while the
//! server works on it, or behind it and before the program knows. What happens then is the test's choice. Or it refuses
//! statements in the server's stead.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use url::Url;

/// The command that is a statement as text.
const QUERY: u8 = 3;
/// How long the server has for the answer to a statement.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// When a program is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the server has the statement.
    Before,
    /// As soon as the server has it.
    During,
    /// When the server has answered, and the program has not heard it.
    After,
}

/// The proxy; it ends with the process.
pub struct Gate {
    /// The way through it.
    pub url: String,
    waits: Arc<Mutex<Waits>>,
}

/// What the proxy waits for.
#[derive(Default)]
struct Waits {
    trap: Option<Trap>,
    /// How many statements are let through, and how many behind them are refused.
    refused: Option<(usize, usize)>,
    /// What the server says, and what is passed on in its place: as long.
    altered: Option<(Vec<u8>, Vec<u8>)>,
}

/// At which of the statements whom to tell.
struct Trap {
    /// How many are let through.
    left: usize,
    moment: Moment,
    told: Sender<Stopped>,
}

/// A program that waits for an answer. Both its connection and the server's end when this is dropped.
pub struct Stopped {
    /// The statement.
    pub sql: String,
    /// The number that the server gave its connection.
    pub process: u32,
    _ends: Sender<()>,
}

/// What a trap tells.
pub struct Told(Receiver<Stopped>);

impl Told {
    /// The program that was stopped, unless it ends before there are so many statements.
    pub fn stopped(&self, mut goes_on: impl FnMut() -> bool) -> Option<Stopped> {
        loop {
            let is_over = !goes_on();
            match self.0.recv_timeout(Duration::from_millis(2)) {
                Ok(stopped) => return Some(stopped),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if is_over => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Gate {
    /// In front of the server of this database.
    pub fn before(url: &str) -> Self {
        let direct: Url = url.parse().expect("the URL was used to connect");
        let server = (direct.host_str().expect("it has a host").to_owned(), direct.port().unwrap_or(3306));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let mut url = direct.clone();
        url.set_host(Some("127.0.0.1")).expect("it is a host");
        url.set_port(Some(port)).expect("servers have ports");
        url.query_pairs_mut().append_pair("ssl-mode", "disabled");
        let waits: Arc<Mutex<Waits>> = Arc::default();
        let shared = Arc::clone(&waits);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (server, waits) = (server.clone(), Arc::clone(&shared));
                // Either side may hang up at any time, which ends the other.
                thread::spawn(move || drop(serve(client, (&server.0, server.1), &waits)));
            }
        });
        Self { url: url.into(), waits }
    }

    /// Stops the next program at one of the statements of its run, counted from 0.
    pub fn stop_at(&self, number: usize, moment: Moment) -> Told {
        let (told, hears) = channel();
        self.waits().trap = Some(Trap { left: number, moment, told });
        Told(hears)
    }

    /// Refuses so many of the statements from one of them on, counted from 0.
    pub fn refuse(&self, from: usize, count: usize) {
        self.waits().refused = Some((from, count));
    }

    /// Passes on something else, which is as long, where the server says this.
    pub fn alter(&self, said: &str, told: &str) {
        assert_eq!(said.len(), told.len());
        self.waits().altered = Some((said.into(), told.into()));
    }

    /// Refuses no more; whether all were refused that were to be.
    pub fn refused(&self) -> bool {
        self.waits().refused.take().is_none_or(|(_, left)| left == 0)
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether this statement is one of those to refuse.
fn refuses(waits: &Mutex<Waits>, sql: &str) -> bool {
    let mut waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
    match &mut waits.refused {
        Some((before, _)) if *before > 0 && is_of_run(sql) => {
            *before -= 1;
            false
        }
        Some((_, left)) if *left > 0 && is_of_run(sql) => {
            *left -= 1;
            true
        }
        Some(_) | None => false,
    }
}

/// The answer of a server that refuses a statement.
fn refusal() -> Vec<u8> {
    // The number is that of any error.
    let text = b"\xff\x51\x04#HY000refused at the gate";
    let length = u8::try_from(text.len()).expect("it is short");
    [&[length, 0, 0, 1], text.as_slice()].concat()
}

/// Takes the trap, if this is the statement that it waits for.
fn sprung(waits: &Mutex<Waits>, sql: &str) -> Option<Trap> {
    let mut waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
    let trap = waits.trap.as_mut().filter(|_| is_of_run(sql))?;
    if trap.left == 0 {
        return waits.trap.take();
    }
    trap.left -= 1;
    None
}

/// Whether a statement is one of a revision, and none of the journal's or of what was seen.
fn is_of_run(sql: &str) -> bool {
    let Some((tag, sql)) = sql.split_once("*/ ") else { return false };
    let words = ["ALTER ", "CREATE ", "DROP ", "RENAME ", "INSERT ", "UPDATE ", "DELETE "];
    tag.starts_with("/* schemactl ")
        && words.iter().any(|word| sql.starts_with(word))
        && !sql.contains("schemactl_")
}

fn serve(client: TcpStream, address: (&str, u16), waits: &Mutex<Waits>) -> io::Result<()> {
    let server = TcpStream::connect(address)?;
    let mut greeting = Vec::new();
    read_packet(&mut &server, &mut greeting)?;
    (&client).write_all(&greeting)?;
    let process = number_of(&greeting);
    let held: Arc<Mutex<Option<Sender<()>>>> = Arc::default();
    let (answers, (from, to)) = (Arc::clone(&held), (server.try_clone()?, client.try_clone()?));
    let altered = waits.lock().unwrap_or_else(PoisonError::into_inner).altered.clone();
    thread::spawn(move || {
        let _ = pass_answers((&from, &to), &answers, altered);
        let _ = to.shutdown(Shutdown::Both);
    });
    let _ = pass_statements((&client, &server), process, waits, &held);
    let _ = server.shutdown(Shutdown::Both);
    client.shutdown(Shutdown::Both)
}

/// Passes on what the server says, as long as nobody holds it back.
fn pass_answers(
    (mut server, mut client): (&TcpStream, &TcpStream),
    held: &Mutex<Option<Sender<()>>>,
    altered: Option<(Vec<u8>, Vec<u8>)>,
) -> io::Result<()> {
    let mut bytes = [0; 16 * 1024];
    loop {
        let count = server.read(&mut bytes)?;
        if let Some((said, told)) = &altered {
            let places = bytes.windows(said.len()).enumerate().filter(|(_, part)| part == said);
            let places: Vec<usize> = places.map(|(at, _)| at).collect();
            places.into_iter().for_each(|at| bytes[at..at + told.len()].copy_from_slice(told));
        }
        let answered = held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match (answered, bytes.get(..count)) {
            (None, Some(some)) if count > 0 => client.write_all(some)?,
            (Some(answered), Some(_)) => {
                // Who wants to know it has not gone, or it doesn't matter.
                let _ = answered.send(());
                if count == 0 {
                    return Ok(());
                }
            }
            (None, _) | (Some(_), None) => return Ok(()),
        }
    }
}

/// Passes on what the client says, up to the statement at which it is stopped.
fn pass_statements(
    (mut client, mut server): (&TcpStream, &TcpStream),
    process: u32,
    waits: &Mutex<Waits>,
    held: &Mutex<Option<Sender<()>>>,
) -> io::Result<()> {
    let mut packet = Vec::new();
    loop {
        read_packet(&mut client, &mut packet)?;
        // The first packet of a command has the number 0.
        let query = match packet.as_slice() {
            [_, _, _, 0, QUERY, sql @ ..] => String::from_utf8_lossy(sql).into_owned(),
            _ => String::new(),
        };
        if refuses(waits, &query) {
            client.write_all(&refusal())?;
            continue;
        }
        let Some(Trap { left: _, moment, told }) = sprung(waits, &query) else {
            server.write_all(&packet)?;
            continue;
        };
        let (answered, hears) = channel();
        if moment != Moment::Before {
            *held.lock().unwrap_or_else(PoisonError::into_inner) = Some(answered);
            server.write_all(&packet)?;
        }
        if moment == Moment::After {
            let _ = hears.recv_timeout(ANSWER_MAX);
        }
        let (ends, ended) = channel::<()>();
        let _ = told.send(Stopped { sql: query, process, _ends: ends });
        let _ = ended.recv();
        return Ok(());
    }
}

fn read_packet(from: &mut impl Read, packet: &mut Vec<u8>) -> io::Result<()> {
    packet.resize(4, 0);
    from.read_exact(packet)?;
    let length = u32::from_le_bytes([packet[0], packet[1], packet[2], 0]) as usize;
    packet.resize(4 + length, 0);
    from.read_exact(&mut packet[4..])
}

/// The number of the connection, which stands behind the version in the server's greeting.
fn number_of(greeting: &[u8]) -> u32 {
    let version = greeting.iter().skip(5).position(|byte| *byte == 0).unwrap_or(0);
    let number = greeting.get(5 + version + 1..).and_then(|rest| rest.first_chunk::<4>());
    number.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}
