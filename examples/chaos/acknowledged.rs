//! A CRM that sends events all the while, and asks at the end whether each that was acknowledged is there.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::support::company::Result;

const BETWEEN: Duration = Duration::from_millis(100);
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(2);

/// Sends, until it is asked what became of that.
pub(crate) struct Crm {
    socket: PathBuf,
    stop: oneshot::Sender<()>,
    sending: JoinHandle<Vec<Value>>,
}

/// How many events were acknowledged, and how many of them are not there.
pub(crate) struct Answer {
    pub(crate) acknowledged: usize,
    pub(crate) forgotten: usize,
}

impl Crm {
    /// Of the application with these settings.
    pub(crate) fn of(settings: &Path) -> Self {
        let socket = settings.with_file_name("store").join("vizavi.sock");
        let (stop, stopped) = oneshot::channel();
        let sending = tokio::spawn(send(socket.clone(), stopped));
        Self {
            socket,
            stop,
            sending,
        }
    }

    /// Sends all that was acknowledged once more: what is there counts as repeated.
    pub(crate) async fn asks(self) -> Result<Answer> {
        let _ = self.stop.send(());
        let events = self.sending.await?;
        let report = post(&self.socket, &Value::from(events.clone())).await?;
        let repeated = report["repeated"].as_u64().ok_or("no report")?;
        Ok(Answer {
            acknowledged: events.len(),
            forgotten: events.len() - usize::try_from(repeated)?,
        })
    }
}

async fn send(socket: PathBuf, mut stopped: oneshot::Receiver<()>) -> Vec<Value> {
    let mut acknowledged = Vec::new();
    for number in 0_u64.. {
        if timeout(BETWEEN, &mut stopped).await.is_ok() {
            break;
        }
        let event = json!({
            "id": format!("chaos-{number}"), "type": "email.sent",
            // Of one client only the latest events are kept.
            "client": format!("chaos-{}", number / 100), "employee": "34", "time": "2026-11-20T10:00:00+03:00",
        });
        let report = timeout(PATIENCE, post(&socket, &event)).await;
        if let Ok(Ok(report)) = report
            && report["accepted"] == 1
        {
            acknowledged.push(event);
        }
    }
    acknowledged
}

async fn post(socket: &Path, body: &Value) -> Result<Value> {
    let body = body.to_string();
    let request = format!(
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, report) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    Ok(serde_json::from_str(report)?)
}
