//! SIP messages as text: what a telephone on the same machine as its PBX needs of RFC 3261, no more.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

/// The payload type under which our telephones offer keys.
pub const KEYS: u8 = 101;

/// The first line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// What is asked, and of which address.
    Request {
        /// `INVITE`, `BYE`, ….
        method: String,
        /// `sip:5007@127.0.0.1:19002`.
        uri: String,
    },
    /// The status.
    Response(u16),
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its first line.
    pub start: Start,
    headers: Vec<(String, String)>,
    /// What comes after the headers: a description of sound, or nothing.
    pub body: String,
}

impl Message {
    /// Reads a datagram; nothing if it isn't a message.
    pub fn parse(datagram: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(datagram).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let start = start(lines.next()?)?;
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        Some(Self {
            start,
            headers,
            body: body.to_owned(),
        })
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let headers = self.headers.iter();
        headers
            .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Which call it belongs to.
    pub fn call_id(&self) -> Option<&str> {
        self.header("Call-ID")
    }

    /// The method that a response answers.
    pub fn answered_method(&self) -> Option<&str> {
        self.header("CSeq")?.split_whitespace().nth(1)
    }

    /// An answer to this request, with more headers (each ending in a line break) and a body.
    pub fn answer(&self, code: u16, tag: &str, more: &str, body: &str) -> String {
        let mut text = format!("SIP/2.0 {code} {}\r\n", reason(code));
        for via in self.all("Via") {
            let _ = write!(text, "Via: {via}\r\n");
        }
        for name in ["From", "Call-ID", "CSeq"] {
            let _ = write!(
                text,
                "{name}: {}\r\n",
                self.header(name).unwrap_or_default()
            );
        }
        let to = self.header("To").unwrap_or_default();
        let has_tag = to.contains(";tag=") || code == 100;
        let tag = if has_tag {
            String::new()
        } else {
            format!(";tag={tag}")
        };
        let _ = write!(text, "To: {to}{tag}\r\n{more}");
        with_body(text, body)
    }
}

/// Ends a message's headers, and adds a description of sound if there is one.
pub(crate) fn with_body(mut text: String, body: &str) -> String {
    if !body.is_empty() {
        text.push_str("Content-Type: application/sdp\r\n");
    }
    let _ = write!(text, "Content-Length: {}\r\n\r\n{body}", body.len());
    text
}

fn start(line: &str) -> Option<Start> {
    if let Some(status) = line.strip_prefix("SIP/2.0 ") {
        return Some(Start::Response(status.split(' ').next()?.parse().ok()?));
    }
    let mut words = line.split(' ');
    let (method, uri, version) = (words.next()?, words.next()?, words.next()?);
    (version == "SIP/2.0").then(|| Start::Request {
        method: method.to_owned(),
        uri: uri.to_owned(),
    })
}

fn reason(code: u16) -> &'static str {
    match code {
        100 => "Trying",
        180 => "Ringing",
        200 => "OK",
        404 => "Not Found",
        486 => "Busy Here",
        487 => "Request Terminated",
        _ => "Status",
    }
}

/// The user of an address: `5007` of `"Somebody" <sip:5007@127.0.0.1>;tag=1`.
pub fn user(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("sip:")?;
    let end = rest.find(['@', '>', ';'])?;
    rest.get(..end)
}

/// The address in a Contact: what stands between the angle brackets, or all of it.
pub fn target(contact: &str) -> &str {
    let inside = contact
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or(contact, |(target, _)| target)
}

/// A description of sound: A-law and keys.
pub fn describe(address: SocketAddr) -> String {
    let (ip, port) = (address.ip(), address.port());
    format!(
        "v=0\r\no=- {port} 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP 8 {KEYS}\r\na=rtpmap:8 PCMA/8000\r\n\
         a=rtpmap:{KEYS} telephone-event/8000\r\na=fmtp:{KEYS} 0-16\r\na=ptime:20\r\na=sendrecv\r\n"
    )
}

/// Where the other side wants to get its sound.
pub fn described(body: &str) -> Option<SocketAddr> {
    let line = |start: &str| body.lines().find_map(|line| line.strip_prefix(start));
    let ip: IpAddr = line("c=IN IP4 ")?.trim().parse().ok()?;
    let port = line("m=audio ")?.split(' ').next()?.parse().ok()?;
    Some((ip, port).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:5007@127.0.0.1:19002 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r\n\
        From: \"A, B\" <sip:+74952000007@127.0.0.1>;tag=a\r\nTo: <sip:5007@127.0.0.1>\r\nCall-ID: c1\r\nCSeq: 7 INVITE\r\n\
        Contact: <sip:asterisk@127.0.0.1:5060>\r\n\r\nv=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 10002 RTP/AVP 8 101\r\n";

    #[test]
    fn a_request_is_read() {
        let message = Message::parse(INVITE.as_bytes()).expect("a message");
        assert_eq!(message.call_id(), Some("c1"));
        assert_eq!(message.answered_method(), Some("INVITE"));
        assert_eq!(message.header("from").and_then(user), Some("+74952000007"));
        assert_eq!(
            message.header("Contact").map(target),
            Some("sip:asterisk@127.0.0.1:5060")
        );
        assert_eq!(described(&message.body), "127.0.0.1:10002".parse().ok());
    }

    #[test]
    fn an_answer_repeats_what_it_must_and_adds_our_tag() {
        let message = Message::parse(INVITE.as_bytes()).expect("a message");
        let answer = message.answer(180, "b", "", "");
        let answer = Message::parse(answer.as_bytes()).expect("an answer");
        assert_eq!(answer.start, Start::Response(180));
        assert_eq!(answer.header("To"), Some("<sip:5007@127.0.0.1>;tag=b"));
        assert_eq!(answer.header("Via"), message.header("Via"));
        assert_eq!(answer.header("CSeq"), Some("7 INVITE"));
    }

    #[test]
    fn what_is_described_is_understood() {
        let address = "127.0.1.1:40002".parse().expect("an address");
        assert_eq!(described(&describe(address)), Some(address));
    }

    #[test]
    fn what_is_no_message_is_none() {
        for datagram in ["", "\r\n\r\n", "hello\r\n\r\n", "SIP/2.0 abc\r\n\r\n"] {
            assert_eq!(Message::parse(datagram.as_bytes()), None, "{datagram:?}");
        }
    }
}
