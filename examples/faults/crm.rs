//! A CRM that does not answer, or answers nonsense.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manners {
    /// The connection is closed at once.
    Dead,
    /// The answer comes after ten seconds.
    Slow,
    /// The answer is nonsense, each time another.
    Lies,
}

const LIES: [&str; 5] = [
    "not JSON at all",
    "{\"name\": 17, \"employees\": \"everybody\"}",
    "{\"name\": \"\\u0000\\u0007\", \"employees\": [{\"id\": \"nobody\"}, {\"id\": \"\"}, null, 5]}",
    "[]",
    "{\"employees\": [",
];

pub(crate) struct Crm {
    address: String,
    serving: JoinHandle<()>,
}

impl Crm {
    pub(crate) async fn with(manners: Manners) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let serving = tokio::spawn(async move {
            let mut lies = LIES.iter().cycle();
            while let Ok((stream, _)) = listener.accept().await {
                let lie = lies.next().copied().unwrap_or_default();
                tokio::spawn(async move { drop(answer(stream, manners, lie).await) });
            }
        });
        Ok(Self { address, serving })
    }

    /// Its lines in the settings.
    pub(crate) fn settings(&self) -> String {
        format!(
            "[crm]\nurl = \"http://{}/who?phone={{phone}}\"\n\n",
            self.address
        )
    }
}

impl Drop for Crm {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(mut stream: TcpStream, manners: Manners, lie: &str) -> io::Result<()> {
    if manners == Manners::Dead {
        return Ok(());
    }
    let mut question = vec![0; 8192];
    let _ = stream.read(&mut question).await?;
    if manners == Manners::Slow {
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    let length = lie.len();
    let text = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{lie}"
    );
    stream.write_all(text.as_bytes()).await
}
