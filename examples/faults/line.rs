//! The line between the application and Asterisk's web server, which can break in many ways.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

/// What state the line is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Everything gets through.
    Whole,
    /// The WebSocket is closed and can't be opened; requests get through.
    WithoutEvents,
    /// Nothing gets through in either direction, and nothing is closed.
    Dead,
    /// What Asterisk says does not arrive.
    Deaf,
    /// What the application says does not arrive.
    Mute,
    /// All connections are closed, and new ones too.
    Closed,
    /// Requests are answered with this status, by nobody who knows Asterisk. Events get through.
    Refuses(u16),
    /// Each answer to a request takes ten seconds. Events get through.
    Slow,
}

const SLOW: Duration = Duration::from_secs(10);

/// A line to one Asterisk. Dropped, it is gone with all its connections.
pub(crate) struct Wire {
    address: SocketAddr,
    state: watch::Sender<Line>,
    accepting: JoinHandle<()>,
}

impl Wire {
    pub(crate) async fn to(asterisk: &str) -> io::Result<Self> {
        let asterisk = asterisk.parse().map_err(io::Error::other)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (state, watched) = watch::channel(Line::Whole);
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let carried = carry(near, asterisk, watched.clone());
                tokio::spawn(async move { drop(carried.await) });
            }
        });
        Ok(Self {
            address,
            state,
            accepting,
        })
    }

    /// `http://127.0.0.1:20001`.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// For changing the state later.
    pub(crate) fn handle(&self) -> watch::Sender<Line> {
        self.state.clone()
    }

    pub(crate) fn becomes(&self, line: Line) {
        self.state.send_replace(line);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

type Near = Arc<Mutex<OwnedWriteHalf>>;

async fn carry(
    near: TcpStream,
    asterisk: SocketAddr,
    mut state: watch::Receiver<Line>,
) -> io::Result<()> {
    if *state.borrow() == Line::Closed {
        return Ok(());
    }
    let (mut near_read, near_write) = near.into_split();
    let near_write = Arc::new(Mutex::new(near_write));
    let mut first = vec![0; 16 * 1024];
    let length = near_read.read(&mut first).await?;
    first.truncate(length);
    // A connection is for events or for requests, all its life.
    let for_events = String::from_utf8_lossy(&first).contains("/ari/events");
    until_it_gets_through(&mut state, true).await?;
    let now = *state.borrow();
    match now {
        Line::Refuses(status) => return refuse(&near_write, status).await,
        Line::WithoutEvents if for_events => return Ok(()),
        Line::Closed => return Ok(()),
        Line::Whole | Line::WithoutEvents | Line::Dead | Line::Deaf | Line::Mute | Line::Slow => {}
    }
    let (far_read, mut far_write) = TcpStream::connect(asterisk).await?.into_split();
    far_write.write_all(&first).await?;
    let closing = closed(state.clone(), for_events);
    let there = to_asterisk(
        near_read,
        far_write,
        (Arc::clone(&near_write), for_events),
        state.clone(),
    );
    let back = to_us(far_read, near_write, for_events, state);
    tokio::select! {
        () = closing => Ok(()),
        ended = there => ended,
        ended = back => ended,
    }
}

/// Until connections of this kind are closed.
async fn closed(mut state: watch::Receiver<Line>, for_events: bool) {
    let ends = |line: &Line| *line == Line::Closed || for_events && *line == Line::WithoutEvents;
    let _ = state.wait_for(ends).await;
}

async fn to_asterisk(
    mut near: OwnedReadHalf,
    mut far: OwnedWriteHalf,
    (answer, for_events): (Near, bool),
    mut state: watch::Receiver<Line>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = near.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        let now = *state.borrow();
        if let Line::Refuses(status) = now
            && !for_events
        {
            return refuse(&answer, status).await;
        }
        until_it_gets_through(&mut state, true).await?;
        far.write_all(&buffer[..length]).await?;
    }
}

async fn to_us(
    mut far: OwnedReadHalf,
    near: Near,
    for_events: bool,
    mut state: watch::Receiver<Line>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = far.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        if !for_events && *state.borrow() == Line::Slow {
            tokio::time::sleep(SLOW).await;
        }
        until_it_gets_through(&mut state, false).await?;
        near.lock().await.write_all(&buffer[..length]).await?;
    }
}

async fn until_it_gets_through(
    state: &mut watch::Receiver<Line>,
    to_asterisk: bool,
) -> io::Result<()> {
    let is_open = |line: &Line| match line {
        Line::Dead => false,
        Line::Mute => !to_asterisk,
        Line::Deaf => to_asterisk,
        Line::Whole | Line::WithoutEvents | Line::Closed | Line::Refuses(_) | Line::Slow => true,
    };
    let waited = state.wait_for(is_open).await;
    waited.map(drop).map_err(io::Error::other)
}

async fn refuse(near: &Near, status: u16) -> io::Result<()> {
    let answer = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    near.lock().await.write_all(answer.as_bytes()).await
}
