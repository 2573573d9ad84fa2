//! The best voice takes two seconds for a phrase, and nothing was spoken before the call.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use tokio::time::sleep;

use crate::support::application::{Application, ApplicationSettings};
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result, SOON};
use crate::support::phone::Kind;
use crate::support::records::CLIENT;
use crate::support::sound::{duration_of, level, longest_silence, samples_in};

const A_PHRASE: Duration = Duration::from_secs(2);
/// Below this nothing is said (decibels of full scale).
const SILENCE: f64 = -45.0;

/// Answers as OpenAI's speech API does, two seconds later.
fn slow_service() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(stream));
        }
    });
    Ok(format!("http://{address}"))
}

fn answer(mut stream: TcpStream) -> Option<()> {
    let mut request = Vec::new();
    let text = loop {
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        request.extend(&piece[..read]);
        let received = String::from_utf8_lossy(&request).into_owned();
        let body = received.split_once("\r\n\r\n").map(|(_, body)| body);
        let json = body.and_then(|body| serde_json::from_str::<serde_json::Value>(body).ok());
        if let Some(json) = json {
            break json["input"].as_str()?.to_owned();
        }
    };
    thread::sleep(A_PHRASE);
    let mut speaker = Command::new("espeak-ng")
        .args(["-v", "ru", "--stdin", "--stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    speaker.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let sound = speaker.wait_with_output().ok()?.stdout;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        sound.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&sound).ok()
}

#[tokio::test]
async fn a_caller_hears_the_greeting_at_once_and_then_the_menu_without_a_long_silence() -> Result<()>
{
    let asterisk = Asterisk::start().await?;
    let mut settings = ApplicationSettings::of_the_tested_program();
    settings.speech = "voices.ru = [\"slow\", \"command\"]\n".to_owned();
    settings.more += &format!(
        "[speech.service.slow]\nkind = \"openai\"\nbase_url = \"{}\"\nvoice.ru = \"anna\"\n",
        slow_service()?
    );
    let application = Application::cold(&asterisk, &settings).await?;
    let company = Company {
        asterisk,
        application,
    };
    let caller = company.caller(CLIENT).await?;
    let answered = caller.wait_for(Kind::Established, SOON).await?.at;
    sleep(Duration::from_secs(9)).await;
    let heard = caller.heard_since(answered);
    let piece = samples_in(Duration::from_millis(20));
    let loud: Vec<usize> = heard
        .chunks(piece)
        .enumerate()
        .filter(|(_, samples)| level(samples) > SILENCE)
        .map(|(place, _)| place * piece)
        .collect();
    let (Some(first), Some(last)) = (loud.first(), loud.last()) else {
        return Err(format!("nothing was heard\n{}", company.application.log()).into());
    };
    // A recording of a telephone begins a moment after it has answered.
    assert!(
        duration_of(*first) < Duration::from_millis(400),
        "{:?}",
        duration_of(*first)
    );
    let said = &heard[*first..*last];
    assert!(
        duration_of(said.len()) > Duration::from_secs(6),
        "{:?}",
        duration_of(said.len())
    );
    let silence = longest_silence(said, SILENCE);
    assert!(silence < Duration::from_millis(1500), "{silence:?}");
    let took = greeting_took(&company.application.log())?;
    assert!(took < Duration::from_millis(500), "{took:?}");
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

/// From the caller's arrival to the greeting's sound, by the log.
fn greeting_took(log: &str) -> Result<Duration> {
    let at = |event: &str| -> Result<jiff::Timestamp> {
        let line = log.lines().find(|line| line.contains(event));
        let line = line.ok_or_else(|| format!("no {event}:\n{log}"))?;
        let line: serde_json::Value = serde_json::from_str(line)?;
        Ok(line["timestamp"].as_str().unwrap_or_default().parse()?)
    };
    let took = at("PromptReady")?.duration_since(at("\"Arrived\"")?);
    Ok(took.unsigned_abs())
}
