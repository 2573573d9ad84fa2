//! The wire to baresip: its `ctrl_tcp` module, JSON in netstrings.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;

const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// More than baresip ever says at once.
const LONGEST_MESSAGE: usize = 1 << 20;

type Waiting = Arc<Mutex<Option<HashMap<String, oneshot::Sender<Value>>>>>;

/// One connection. Dropped, it closes.
#[derive(Debug)]
pub(super) struct Control {
    writer: AsyncMutex<OwnedWriteHalf>,
    waiting: Waiting,
    reader: JoinHandle<()>,
}

impl Control {
    /// Connects. Events come out of the receiver, which ends when baresip does.
    pub(super) async fn connect(
        to: SocketAddr,
    ) -> io::Result<(Self, mpsc::UnboundedReceiver<Value>)> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        let (read, write) = stream.into_split();
        let (sender, events) = mpsc::unbounded_channel();
        let waiting = Arc::new(Mutex::new(Some(HashMap::new())));
        let reader = tokio::spawn(read_all(read, Arc::clone(&waiting), sender));
        Ok((
            Self {
                writer: AsyncMutex::new(write),
                waiting,
                reader,
            },
            events,
        ))
    }

    /// Gives a command and waits until baresip has done it. The inner error is baresip's own refusal.
    pub(super) async fn command(
        &self,
        name: &str,
        parameters: &str,
    ) -> io::Result<Result<(), String>> {
        let token = format!("{:016x}", fastrand::u64(..));
        let (sender, answer) = oneshot::channel();
        match &mut *lock(&self.waiting) {
            Some(waiting) => waiting.insert(token.clone(), sender),
            None => return Err(io::ErrorKind::BrokenPipe.into()),
        };
        let message = json!({ "command": name, "params": parameters, "token": token }).to_string();
        let netstring = format!("{}:{message},", message.len());
        self.writer
            .lock()
            .await
            .write_all(netstring.as_bytes())
            .await?;
        let answer = tokio::time::timeout(ANSWERS_WITHIN, answer)
            .await?
            .map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        if answer["ok"] == Value::Bool(true) {
            return Ok(Ok(()));
        }
        Ok(Err(answer["data"]
            .as_str()
            .unwrap_or_default()
            .trim()
            .to_owned()))
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn read_all(mut from: OwnedReadHalf, waiting: Waiting, events: mpsc::UnboundedSender<Value>) {
    let mut buffer = Vec::new();
    while let Ok(1..) = from.read_buf(&mut buffer).await {
        while let Some(message) = take_message(&mut buffer) {
            deliver(message, &waiting, &events);
        }
        if buffer.len() > LONGEST_MESSAGE {
            break;
        }
    }
    // Whoever still waits for an answer learns that none will come.
    lock(&waiting).take();
}

fn deliver(message: Value, waiting: &Waiting, events: &mpsc::UnboundedSender<Value>) {
    if message["event"] == Value::Bool(true) {
        // Nobody listens any more: the phone is being dropped.
        let _ = events.send(message);
        return;
    }
    let token = message["token"].as_str().unwrap_or_default();
    let sender = lock(waiting)
        .as_mut()
        .and_then(|waiting| waiting.remove(token));
    if let Some(sender) = sender {
        let _ = sender.send(message);
    }
}

/// Cuts one netstring off the front: `5:hello,`. A message that isn't JSON comes out as null, which nobody waits for.
fn take_message(buffer: &mut Vec<u8>) -> Option<Value> {
    let colon = buffer.iter().position(|byte| *byte == b':')?;
    let length: usize = std::str::from_utf8(&buffer[..colon]).ok()?.parse().ok()?;
    let end = colon + 1 + length;
    if buffer.len() <= end {
        return None;
    }
    let value = serde_json::from_slice(&buffer[colon + 1..end]).unwrap_or(Value::Null);
    buffer.drain(..=end);
    Some(value)
}
