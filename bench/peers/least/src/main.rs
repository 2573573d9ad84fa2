//! The least that can be asked of ARI for a menu and a talk: what it costs Asterisk bounds whoever asks for each step.
//! No library for ARI and no runtime: one thread that blocks, one connection for requests, one for events,
//! of which Asterisk sends only the four kinds that are needed. Nothing is checked, kept or said.
//! Arguments: Asterisk's HTTP address, the application's name, the sound. ARI_PASSWORD: the password.

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;
use tungstenite::Message;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Each party's other one, and the bridge in which they are or will be.
type Pairs = HashMap<String, (String, String)>;

/// Requests over a connection that stays open.
struct Requests {
    host: String,
    key: String,
    connection: Option<BufReader<TcpStream>>,
}

impl Requests {
    /// Asks, and waits for the answer. Asterisk closes a connection that was not used for a while: then over a new one.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<()> {
        if self.connection.is_some() && self.try_to_ask(method, path, body).is_ok() {
            return Ok(());
        }
        let connection = TcpStream::connect(&self.host)?;
        connection.set_nodelay(true)?;
        self.connection = Some(BufReader::new(connection));
        self.try_to_ask(method, path, body)
    }

    fn try_to_ask(&mut self, method: &str, path: &str, body: &str) -> Result<()> {
        let connection = self.connection.as_mut().ok_or("not connected")?;
        let separator = if path.contains('?') { '&' } else { '?' };
        let request = format!(
            "{method} /ari/{path}{separator}api_key={} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.key,
            self.host,
            body.len()
        );
        connection.get_mut().write_all(request.as_bytes())?;
        let mut length = 0;
        let (mut status, mut line) = (String::new(), String::new());
        connection.read_line(&mut status)?;
        loop {
            line.clear();
            if connection.read_line(&mut line)? == 0 {
                return Err("closed".into());
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        connection.read_exact(&mut answer)?;
        // Whoever is to be hung up may have hung up.
        if !status.contains(" 20") && !status.contains(" 404 ") {
            eprintln!(
                "{method} {path}: {status} {}",
                String::from_utf8_lossy(&answer)
            );
        }
        Ok(())
    }
}

fn text<'a>(event: &'a Value, place: &str) -> &'a str {
    event.pointer(place).and_then(Value::as_str).unwrap_or("")
}

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let mut argument = || arguments.next().ok_or("three arguments");
    let (url, application, sound) = (argument()?, argument()?, argument()?);
    let host = url.trim_start_matches("http://").to_owned();
    let key = format!("vizavi:{}", env::var("ARI_PASSWORD")?);
    let events = format!("ws://{host}/ari/events?app={application}&api_key={key}");
    let (mut events, _) = tungstenite::client(events, TcpStream::connect(&host)?)?;
    let mut requests = Requests {
        host,
        key,
        connection: None,
    };
    let wanted = r#"{"allowed":[{"type":"StasisStart"},{"type":"ChannelDtmfReceived"},{"type":"StasisEnd"},{"type":"ChannelDestroyed"}]}"#;
    requests.ask(
        "PUT",
        &format!("applications/{application}/eventFilter"),
        wanted,
    )?;
    let mut pairs = Pairs::new();
    loop {
        let Message::Text(event) = events.read()? else {
            continue;
        };
        let event: Value = serde_json::from_str(&event)?;
        let channel = text(&event, "/channel/id");
        match text(&event, "/type") {
            "StasisStart" => match event.pointer("/args/1").and_then(Value::as_str) {
                Some(caller) => talk(&mut requests, caller, channel)?,
                None => menu(&mut requests, channel, &sound)?,
            },
            "ChannelDtmfReceived" if text(&event, "/digit") == "1" => {
                let number = text(&event, "/channel/caller/number");
                dial(&mut requests, &application, channel, number)?;
                let employee = format!("{channel}-employee");
                let bridge = format!("{channel}-bridge");
                pairs.insert(channel.to_owned(), (employee.clone(), bridge.clone()));
                pairs.insert(employee, (channel.to_owned(), bridge));
            }
            // An employee who is not reached was never in the application.
            "StasisEnd" | "ChannelDestroyed" => {
                if let Some((other, bridge)) = pairs.remove(channel) {
                    pairs.remove(&other);
                    requests.ask("DELETE", &format!("channels/{other}"), "")?;
                    requests.ask("DELETE", &format!("bridges/{bridge}"), "")?;
                }
            }
            _ => {}
        }
    }
}

fn menu(requests: &mut Requests, caller: &str, sound: &str) -> Result<()> {
    requests.ask("POST", &format!("channels/{caller}/answer"), "")?;
    let path = format!("channels/{caller}/play/{caller}-menu?media=sound:{sound}");
    requests.ask("POST", &path, "")
}

fn dial(requests: &mut Requests, application: &str, caller: &str, number: &str) -> Result<()> {
    requests.ask("DELETE", &format!("playbacks/{caller}-menu"), "")?;
    requests.ask("POST", &format!("channels/{caller}/ring"), "")?;
    let from = number.len().saturating_sub(3);
    let extension = number.get(from..).unwrap_or_default();
    let caller_id = number.replace('+', "%2B");
    let path = format!(
        "channels/{caller}-employee?endpoint=PJSIP/5{extension}&app={application}&appArgs=dialed,{caller}\
         &callerId={caller_id}&timeout=20"
    );
    requests.ask("POST", &path, "")
}

fn talk(requests: &mut Requests, caller: &str, employee: &str) -> Result<()> {
    requests.ask("DELETE", &format!("channels/{caller}/ring"), "")?;
    requests.ask("POST", &format!("bridges/{caller}-bridge?type=mixing"), "")?;
    let path = format!("bridges/{caller}-bridge/addChannel?channel={caller},{employee}");
    requests.ask("POST", &path, "")
}
