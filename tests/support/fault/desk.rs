//! A desk telephone by hand, which holds two calls at once and joins them: REFER with Replaces. The
//! softphone of the other tests has no such key.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::support::company::{Result, SOON};

/// No other telephone of the tests is here.
pub(crate) const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 1, 2);
const LONGEST: usize = 8192;

/// The telephone. It says nothing into its calls.
#[derive(Debug)]
pub(crate) struct Desk {
    sip: UdpSocket,
    rtp: UdpSocket,
    pbx: SocketAddr,
    sequence: u32,
    /// Requests that came while something else was awaited.
    waiting: VecDeque<String>,
}

/// One call of it: the words of its headers, as this telephone writes them.
#[derive(Debug)]
pub(crate) struct Dialog {
    id: String,
    own: String,
    other: String,
    target: String,
}

impl Desk {
    pub(crate) async fn start(pbx: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            sip: UdpSocket::bind((ADDRESS, 0)).await?,
            rtp: UdpSocket::bind((ADDRESS, 0)).await?,
            pbx,
            sequence: 1,
            waiting: VecDeque::new(),
        })
    }

    /// Where it can be called.
    pub(crate) fn uri(&self) -> io::Result<String> {
        Ok(format!("sip:34@{}", self.sip.local_addr()?))
    }

    /// Waits until it rings, and picks up.
    pub(crate) async fn pick_up(&mut self) -> Result<Dialog> {
        let invite = self.request("INVITE").await?;
        let tag = format!("desk-{:x}", fastrand::u32(..));
        let sdp = self.sdp("sendrecv")?;
        self.answer(&invite, &tag, &sdp).await?;
        self.request("ACK").await?;
        let own = format!("{};tag={tag}", header(&invite, "To")?);
        Ok(Dialog {
            id: header(&invite, "Call-ID")?,
            own,
            other: header(&invite, "From")?,
            target: uri(&header(&invite, "Contact")?),
        })
    }

    /// Calls a colleague, and waits until they have picked up.
    pub(crate) async fn call(&mut self, extension: &str) -> Result<Dialog> {
        let target = format!("sip:{extension}@{}", self.pbx);
        let mut dialog = Dialog {
            id: format!("{:016x}", fastrand::u64(..)),
            own: format!("<sip:34@{ADDRESS}>;tag=desk-{:x}", fastrand::u32(..)),
            other: format!("<{target}>"),
            target,
        };
        let sdp = self.sdp("sendrecv")?;
        let answer = self.ask(&dialog, "INVITE", "", &sdp).await?;
        dialog.other = header(&answer, "To")?;
        dialog.target = uri(&header(&answer, "Contact")?);
        self.send(&dialog, "ACK", "", "").await?;
        Ok(dialog)
    }

    /// Puts a call on hold.
    pub(crate) async fn hold(&mut self, dialog: &Dialog) -> Result<()> {
        let sdp = self.sdp("sendonly")?;
        self.ask(dialog, "INVITE", "", &sdp).await?;
        Ok(self.send(dialog, "ACK", "", "").await?)
    }

    /// Takes it back.
    pub(crate) async fn resume(&mut self, dialog: &Dialog) -> Result<()> {
        let sdp = self.sdp("sendrecv")?;
        self.ask(dialog, "INVITE", "", &sdp).await?;
        Ok(self.send(dialog, "ACK", "", "").await?)
    }

    /// Joins the two calls, waits until Asterisk says that this is done, and leaves both.
    pub(crate) async fn join(&mut self, first: &Dialog, second: &Dialog) -> Result<()> {
        let (own, other) = (tag(&second.own), tag(&second.other));
        let refer = format!(
            "Refer-To: <{}?Replaces={}%3Bto-tag%3D{other}%3Bfrom-tag%3D{own}>\r\n",
            second.target, second.id
        );
        self.ask(first, "REFER", &refer, "").await?;
        loop {
            let notify = self.request("NOTIFY").await?;
            self.answer(&notify, "", "").await?;
            if notify.contains("SIP/2.0 200") {
                break;
            }
            if !notify.contains("SIP/2.0 1") {
                return Err(format!("the two were not joined:\n{notify}").into());
            }
        }
        for dialog in [first, second] {
            self.send(dialog, "BYE", "", "").await?;
        }
        Ok(())
    }

    /// Leaves a call.
    pub(crate) async fn hang_up(&mut self, dialog: &Dialog) -> Result<()> {
        self.ask(dialog, "BYE", "", "").await.map(drop)
    }

    /// The next request with this method. What asks for nothing else is answered meanwhile.
    async fn request(&mut self, method: &str) -> Result<String> {
        let is_it = |message: &String| message.starts_with(&format!("{method} "));
        if let Some(index) = self.waiting.iter().position(is_it) {
            return Ok(self.waiting.remove(index).unwrap_or_default());
        }
        loop {
            let message = self.receive().await?;
            if is_it(&message) {
                return Ok(message);
            }
            self.take(message).await?;
        }
    }

    /// Sends a request and waits for its final answer, which must be a good one.
    async fn ask(
        &mut self,
        dialog: &Dialog,
        method: &str,
        more: &str,
        sdp: &str,
    ) -> Result<String> {
        self.send(dialog, method, more, sdp).await?;
        let wanted = format!("{} {method}", self.sequence);
        loop {
            let message = self.receive().await?;
            if !message.starts_with("SIP/2.0") {
                self.take(message).await?;
                continue;
            }
            if header(&message, "CSeq")? != wanted || message.starts_with("SIP/2.0 1") {
                continue;
            }
            if message.starts_with("SIP/2.0 2") {
                return Ok(message);
            }
            return Err(format!("{method} was refused:\n{message}").into());
        }
    }

    async fn take(&mut self, message: String) -> Result<()> {
        match message.split(' ').next() {
            Some("NOTIFY" | "ACK" | "INVITE") => self.waiting.push_back(message),
            Some("BYE" | "OPTIONS" | "UPDATE") => self.answer(&message, "", "").await?,
            _ => {}
        }
        Ok(())
    }

    async fn receive(&self) -> Result<String> {
        let mut buffer = vec![0; LONGEST];
        let received = timeout(2 * SOON, self.sip.recv_from(&mut buffer));
        let (length, _) = received.await.map_err(|_| "the PBX says nothing")??;
        Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
    }

    async fn answer(&self, request: &str, tag: &str, sdp: &str) -> Result<()> {
        let copied = ["Via", "From", "Call-ID", "CSeq"].map(|name| {
            let value = header(request, name).unwrap_or_default();
            format!("{name}: {value}\r\n")
        });
        let mut to = header(request, "To")?;
        if !tag.is_empty() {
            to += &format!(";tag={tag}");
        }
        let (copied, own, body) = (copied.concat(), self.sip.local_addr()?, body(sdp));
        let answer =
            format!("SIP/2.0 200 OK\r\n{copied}To: {to}\r\nContact: <sip:34@{own}>\r\n{body}");
        self.sip.send_to(answer.as_bytes(), self.pbx).await?;
        Ok(())
    }

    async fn send(
        &mut self,
        dialog: &Dialog,
        method: &str,
        more: &str,
        sdp: &str,
    ) -> io::Result<()> {
        if method != "ACK" {
            self.sequence += 1;
        }
        let Dialog {
            id,
            own,
            other,
            target,
        } = dialog;
        let (address, branch) = (self.sip.local_addr()?, fastrand::u64(..));
        let (sequence, body) = (self.sequence, body(sdp));
        let message = format!(
            "{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {address};branch=z9hG4bK{branch:x}\r\n\
             Max-Forwards: 70\r\nFrom: {own}\r\nTo: {other}\r\nCall-ID: {id}\r\nCSeq: {sequence} {method}\r\n\
             Contact: <sip:34@{address}>\r\n{more}{body}"
        );
        self.sip
            .send_to(message.as_bytes(), self.pbx)
            .await
            .map(drop)
    }

    fn sdp(&self, direction: &str) -> io::Result<String> {
        let port = self.rtp.local_addr()?.port();
        let version = self.sequence;
        Ok(format!(
            "v=0\r\no=- 1 {version} IN IP4 {ADDRESS}\r\ns=-\r\nc=IN IP4 {ADDRESS}\r\nt=0 0\r\n\
             m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na={direction}\r\n"
        ))
    }
}

fn body(sdp: &str) -> String {
    if sdp.is_empty() {
        return "Content-Length: 0\r\n\r\n".to_owned();
    }
    let length = sdp.len();
    format!("Content-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{sdp}")
}

fn header(message: &str, name: &str) -> Result<String> {
    let found = message
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let found = found.ok_or_else(|| format!("no {name} in\n{message}"))?;
    Ok(found.trim().to_owned())
}

/// What is between the angle brackets.
fn uri(contact: &str) -> String {
    let inside = contact.split(['<', '>']).nth(1);
    inside.unwrap_or(contact).to_owned()
}

fn tag(party: &str) -> &str {
    party.split("tag=").nth(1).unwrap_or_default()
}
