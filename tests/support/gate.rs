//! A proxy in front of MySQL or MariaDB that stops a program at a statement of its run: before the server has it, while the
//! server works on it, or behind it and before the program knows. What happens then is the test's choice.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
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
    trap: Arc<Mutex<Option<Trap>>>,
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
        let trap: Arc<Mutex<Option<Trap>>> = Arc::default();
        let shared = Arc::clone(&trap);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (server, trap) = (server.clone(), Arc::clone(&shared));
                // Either side may hang up at any time, which ends the other.
                thread::spawn(move || drop(serve(client, (&server.0, server.1), &trap)));
            }
        });
        Self { url: url.into(), trap }
    }

    /// Stops the next program at one of the statements of its run, counted from 0.
    pub fn stop_at(&self, number: usize, moment: Moment) -> Told {
        let (told, hears) = channel();
        *self.trap.lock().unwrap_or_else(PoisonError::into_inner) = Some(Trap { left: number, moment, told });
        Told(hears)
    }
}

/// Takes the trap, if this is the statement that it waits for.
fn sprung(trap: &Mutex<Option<Trap>>, sql: &str) -> Option<Trap> {
    let mut set = trap.lock().unwrap_or_else(PoisonError::into_inner);
    let waits = set.as_mut().filter(|_| is_of_run(sql))?;
    if waits.left == 0 {
        return set.take();
    }
    waits.left -= 1;
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

fn serve(client: TcpStream, address: (&str, u16), trap: &Mutex<Option<Trap>>) -> io::Result<()> {
    let server = TcpStream::connect(address)?;
    let mut greeting = Vec::new();
    read_packet(&mut &server, &mut greeting)?;
    (&client).write_all(&greeting)?;
    let process = number_of(&greeting);
    let held: Arc<Mutex<Option<Sender<()>>>> = Arc::default();
    let (answers, (from, to)) = (Arc::clone(&held), (server.try_clone()?, client.try_clone()?));
    thread::spawn(move || {
        let _ = pass_answers(&from, &to, &answers);
        let _ = to.shutdown(Shutdown::Both);
    });
    let _ = pass_statements((&client, &server), process, trap, &held);
    let _ = server.shutdown(Shutdown::Both);
    client.shutdown(Shutdown::Both)
}

/// Passes on what the server says, as long as nobody holds it back.
fn pass_answers(
    mut server: &TcpStream,
    mut client: &TcpStream,
    held: &Mutex<Option<Sender<()>>>,
) -> io::Result<()> {
    let mut bytes = [0; 16 * 1024];
    loop {
        let count = server.read(&mut bytes)?;
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
    trap: &Mutex<Option<Trap>>,
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
        let Some(Trap { left: _, moment, told }) = sprung(trap, &query) else {
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
