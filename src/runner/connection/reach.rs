//! Connecting to a server within a time limit, and telling when a server of another kind listens there: the drivers wait
//! for words that it never says, or can't read those that it says.

use std::future::Future;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::{DatabaseError, ErrorKind};

/// How long the right server is never silent, unless it is far away.
const SILENCE: Duration = Duration::from_secs(1);
/// How long a server of MySQL's kind takes for its greeting, which is the first that is said.
const GREETING: Duration = Duration::from_millis(500);
/// How long to look for another kind of server.
const LOOK: Duration = Duration::from_secs(2);
/// What PostgreSQL answers with one letter before anything else: whether it speaks TLS.
const TLS_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// What a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Postgres,
    Mysql,
}

impl Kind {
    fn answers(self) -> DatabaseError {
        let (who, scheme) = match self {
            Self::Postgres => ("PostgreSQL", "postgres"),
            Self::Mysql => ("MySQL or MariaDB", "mysql"),
        };
        let mut report = DatabaseError::new(ErrorKind::Connect, format!("a {who} server answers there"));
        report.hint = Some(format!("begin the URL with `{scheme}://`"));
        report
    }
}

/// Waits for a connection to a server of this kind at a host and port; a socket has neither.
pub(super) async fn reach<C>(
    connecting: impl Future<Output = sqlx::Result<C>>,
    limit: Duration,
    kind: Kind,
    place: Option<(&str, u16)>,
) -> Result<sqlx::Result<C>, DatabaseError> {
    let other = async || who(place?).await.filter(|found| *found != kind);
    let silent = async {
        sleep(SILENCE).await;
        other().await
    };
    let connected = tokio::select! {
        connected = timeout(limit, connecting) => connected,
        Some(found) = silent => return Err(found.answers()),
    };
    match connected {
        Ok(Err(sqlx::Error::Protocol(words))) => match other().await {
            Some(found) => Err(found.answers()),
            None => Ok(Err(sqlx::Error::Protocol(words))),
        },
        Ok(connected) => Ok(connected),
        Err(_) => {
            let message = format!("no answer within {} s", limit.as_secs());
            Err(DatabaseError::new(ErrorKind::Connect, message))
        }
    }
}

/// The kind of server that listens, if it can be told.
async fn who((host, port): (&str, u16)) -> Option<Kind> {
    let look = async {
        let mut stream = TcpStream::connect((host, port)).await.ok()?;
        let mut words = [0; 64];
        if let Ok(read) = timeout(GREETING, stream.read(&mut words)).await {
            // A greeting of version 10, or a refusal, behind a length of three bytes and the packet's number.
            return matches!(words.get(..read.ok()?)?, [_, _, _, 0, 10 | 255, ..]).then_some(Kind::Mysql);
        }
        stream.write_all(&TLS_REQUEST).await.ok()?;
        let read = stream.read(&mut words).await.ok()?;
        matches!(words.get(..read)?, b"S" | b"N").then_some(Kind::Postgres)
    };
    timeout(LOOK, look).await.ok().flatten()
}
