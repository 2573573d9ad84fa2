//! The line between the application and Asterisk, which can be cut or fall dead.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What state the line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Everything gets through.
    Whole,
    /// Connections for events are closed, and new ones are too. Requests get through.
    WithoutEvents,
    /// Everything gets through, each piece of a request so much later.
    Slow(Duration),
    /// Nothing gets through, and nothing is closed: a cable that was pulled.
    Dead,
}

/// A relay in front of Asterisk's web server. Dropped, it is gone with all its connections.
#[derive(Debug)]
pub(crate) struct Relay {
    address: SocketAddr,
    line: watch::Sender<Line>,
    accepting: JoinHandle<()>,
}

impl Relay {
    /// A whole line to this address.
    pub(crate) async fn to(asterisk: &str) -> io::Result<Self> {
        let asterisk = asterisk.parse().map_err(io::Error::other)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (line, watched) = watch::channel(Line::Whole);
        let accepting = tokio::spawn(accept(listener, asterisk, watched));
        Ok(Self {
            address,
            line,
            accepting,
        })
    }

    /// Its address, as Asterisk's own is written: `http://127.0.0.1:20001`.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the state of the line, for connections that are open and those to come.
    pub(crate) fn becomes(&self, line: Line) {
        self.line.send_replace(line);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, asterisk: SocketAddr, line: watch::Receiver<Line>) {
    while let Ok((near, _)) = listener.accept().await {
        let carried = carry(near, asterisk, line.clone());
        tokio::spawn(async move { drop(carried.await) });
    }
}

async fn carry(
    mut near: TcpStream,
    asterisk: SocketAddr,
    mut line: watch::Receiver<Line>,
) -> io::Result<()> {
    let mut first = vec![0; 4096];
    wait_while_dead(&mut line).await;
    let length = near.read(&mut first).await?;
    first.truncate(length);
    // A connection is for events or for requests, all its life.
    let for_events = String::from_utf8_lossy(&first).contains("/ari/events");
    wait_while_dead(&mut line).await;
    if for_events && *line.borrow() == Line::WithoutEvents {
        return Ok(());
    }
    let now = *line.borrow();
    if let Line::Slow(late) = now
        && !for_events
    {
        tokio::time::sleep(late).await;
    }
    let mut far = TcpStream::connect(asterisk).await?;
    far.write_all(&first).await?;
    loop {
        let now = *line.borrow_and_update();
        match now {
            Line::WithoutEvents if for_events => return Ok(()),
            Line::Dead => wait_while_dead(&mut line).await,
            Line::Slow(late) if !for_events => tokio::select! {
                ended = carry_slowly(&mut near, &mut far, late) => return ended,
                changed = line.changed() => changed.map_err(io::Error::other)?,
            },
            Line::Whole | Line::WithoutEvents | Line::Slow(_) => tokio::select! {
                ended = copy_bidirectional(&mut near, &mut far) => return ended.map(drop),
                changed = line.changed() => changed.map_err(io::Error::other)?,
            },
        }
    }
}

/// Requests come late, answers at once.
async fn carry_slowly(near: &mut TcpStream, far: &mut TcpStream, late: Duration) -> io::Result<()> {
    let (mut from_near, mut to_near) = near.split();
    let (mut from_far, mut to_far) = far.split();
    let requests = async {
        let mut piece = vec![0; 65536];
        loop {
            let length = from_near.read(&mut piece).await?;
            if length == 0 {
                return to_far.shutdown().await;
            }
            tokio::time::sleep(late).await;
            to_far.write_all(&piece[..length]).await?;
        }
    };
    let answers = tokio::io::copy(&mut from_far, &mut to_near);
    tokio::try_join!(requests, answers).map(drop)
}

async fn wait_while_dead(line: &mut watch::Receiver<Line>) {
    // The relay is gone when this fails; then the connection goes too.
    let _ = line.wait_for(|line| *line != Line::Dead).await;
}
