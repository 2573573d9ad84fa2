//! What happens in a call is told by webhooks, signed, in its order.

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, in_the_menu, quick, wait_until};
use crate::support::phone::Kind;
use crate::support::records::{CLIENT, STRANGER};

/// The bytes 1 to 32, and what the settings say.
const SECRET: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

/// A request as it came.
#[derive(Clone, Debug, Default)]
struct Heard {
    head: Vec<(String, String)>,
    body: String,
}

impl Heard {
    fn header(&self, name: &str) -> &str {
        let header = self.head.iter().find(|(other, _)| other == name);
        header.map_or("", |(_, value)| value)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// As docs/contract.md says it is done.
    fn is_signed(&self) -> Result<bool> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(SECRET)?);
        let (id, second) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let signed = hmac::sign(&key, format!("{id}.{second}.{}", self.body).as_bytes());
        let signature = format!("v1,{}", STANDARD.encode(signed));
        Ok(self.header("webhook-signature") == signature)
    }
}

/// Somebody who takes messages, and answers each with the same status.
pub(crate) struct Receiver {
    heard: Arc<Mutex<Vec<Heard>>>,
    pub(crate) settings: ApplicationSettings,
}

impl Receiver {
    pub(crate) async fn that_answers(status: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut settings = quick();
        settings.more = format!(
            "[[webhook]]\nname = \"crm\"\nurl = \"http://{}/told\"\nsecret = \"whsec_{SECRET}\"\n\n{}",
            listener.local_addr()?,
            settings.more
        );
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let all = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let all = Arc::clone(&all);
                tokio::spawn(async move {
                    let _ = take_all(stream, status, &all).await;
                });
            }
        });
        Ok(Self { heard, settings })
    }

    fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// What they said, in order.
    pub(crate) fn documents(&self) -> Vec<Value> {
        self.heard().iter().map(Heard::json).collect()
    }

    fn types(&self) -> Vec<String> {
        let kinds = self.heard().into_iter().map(|heard| heard.json());
        kinds
            .map(|json| json["type"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

async fn take_all(stream: TcpStream, status: u16, all: &Mutex<Vec<Heard>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut heard = Heard::default();
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 && !line.trim().is_empty() {
            if let Some((name, value)) = line.trim().split_once(": ") {
                heard.head.push((name.to_lowercase(), value.to_owned()));
            }
            line.clear();
        }
        let Ok(length) = heard.header("content-length").parse() else {
            return Ok(());
        };
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        heard.body = String::from_utf8_lossy(&body).into_owned();
        all.lock().unwrap().push(heard);
        let answer = format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await?;
    }
}

#[tokio::test]
async fn a_call_is_told_in_four_messages_from_its_beginning_to_its_end() -> Result<()> {
    let receiver = Receiver::that_answers(204).await?;
    let company = Company::open_with(receiver.settings.clone()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    wait_until("the offer is told", SOON, || receiver.heard().len() == 2).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    wait_until("the talk is told", SOON, || receiver.heard().len() == 3).await?;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    caller.hang_up().await?;
    wait_until("the end is told", SOON, || receiver.heard().len() == 4).await?;

    let kinds = [
        "call.started",
        "call.offered",
        "call.connected",
        "call.finished",
    ];
    assert_eq!(receiver.types(), kinds);
    let heard = receiver.heard();
    for message in &heard {
        assert!(message.is_signed()?, "{message:?}");
        let json = message.json();
        assert_eq!(json["specversion"], "1.0");
        assert_eq!(json["id"], message.header("webhook-id"));
        assert_eq!(json["subject"], heard[0].json()["subject"]);
        assert_eq!(json["data"]["caller"], CLIENT);
    }
    let offered = &heard[1].json()["data"]["offered"];
    assert_eq!(offered[0], "chulkova");
    assert_eq!(heard[1].json()["data"]["chosen"], serde_json::json!([]));
    assert_eq!(heard[2].json()["data"]["talked"], "chulkova");
    let end = &heard[3].json()["data"];
    assert_eq!(end["outcome"], "talked");
    assert_eq!(end["chosen"], serde_json::json!(["chulkova"]));
    let seconds = end["seconds"].as_u64();
    assert!(seconds.is_some_and(|seconds| (1..10).contains(&seconds)));
    company.wait_until_nothing_is_left().await?;
    Ok(())
}

#[tokio::test]
async fn what_a_receiver_refuses_for_good_is_listed_and_sent_again() -> Result<()> {
    let receiver = Receiver::that_answers(410).await?;
    let company = Company::open_with(receiver.settings.clone()).await?;
    let caller = in_the_menu(&company, STRANGER).await?;
    wait_until("the offer is told", SOON, || receiver.types().len() == 2).await?;
    caller.hang_up().await?;
    wait_until("the end is told", SOON, || receiver.types().len() == 3).await?;
    company.wait_until_nothing_is_left().await?;

    let listed = webhooks(&company, &["dead"])?;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 3, "{listed}");
    assert!(lines[0].contains("crm  call.started  call "), "{listed}");
    assert!(lines[0].ends_with("the answer was HTTP 410"), "{listed}");
    assert!(!listed.contains(&STRANGER[1..]), "nobody is named");
    assert_eq!(webhooks(&company, &["list"])?, "No message waits.\n");

    let again = webhooks(&company, &["resend", "1"])?;
    assert_eq!(again, "Message 1 is sent again.\n");
    wait_until("it is sent", SOON, || receiver.types().len() == 4).await?;
    assert_eq!(receiver.types()[3], "call.started");
    let again = webhooks(&company, &["resend", "--all"])?;
    assert_eq!(again, "Messages that are sent again: 3.\n");
    wait_until("they are sent", SOON, || receiver.types().len() == 7).await?;
    Ok(())
}

fn webhooks(company: &Company, arguments: &[&str]) -> Result<String> {
    let settings = company.application.settings_file();
    let output: Output = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .arg("webhooks")
        .args(["--config".as_ref(), settings.as_os_str()])
        .args(arguments)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
