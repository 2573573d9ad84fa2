//! A caller who says what no telephone would say: SIP and RTP by hand, on 127.0.1.1 like every caller from outside.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::support::company::Result;
use crate::support::sound::{samples_in, tone};

const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 1, 1);
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
/// One packet of RTP, and so the beat of telephone-events.
const PACKET: Duration = Duration::from_millis(20);
/// No network refuses, or speaks, within a millisecond.
const REFUSES_AFTER: Duration = Duration::from_millis(100);
/// The payload type of telephone-events in our offer.
const TELEPHONE_EVENT: u8 = 101;

/// A call that has been answered. Dropped, it falls silent without a BYE.
#[derive(Debug)]
pub(crate) struct RawCaller {
    sip: UdpSocket,
    rtp: UdpSocket,
    pbx: SocketAddr,
    media: SocketAddr,
    from: String,
    to: String,
    call: String,
    sequence: u16,
    time: u32,
}

impl RawCaller {
    /// Calls `dialled` with this `From` header, and waits for the answer.
    pub(crate) async fn call(pbx: SocketAddr, from: &str, dialled: &str) -> Result<Self> {
        let sip = UdpSocket::bind((ADDRESS, 0)).await?;
        let rtp = UdpSocket::bind((ADDRESS, 0)).await?;
        let call = format!("{:016x}", fastrand::u64(..));
        let mut caller = Self {
            from: format!("{from};tag={:08x}", fastrand::u32(..)),
            to: format!("<sip:{dialled}@{pbx}>"),
            media: rtp.local_addr()?,
            sip,
            rtp,
            pbx,
            call,
            sequence: 1,
            time: 0,
        };
        let offer = caller.offer()?;
        caller.send("INVITE", dialled, &offer).await?;
        let answer = timeout(ANSWERED_WITHIN, caller.answer()).await??;
        caller.to = header(&answer, "To: ").ok_or("no To")?.to_owned();
        let port = header(&answer, "m=audio ").and_then(|line| line.split(' ').next());
        let port: u16 = port.ok_or("no media in the answer")?.parse()?;
        caller.media = (pbx.ip(), port).into();
        caller.send("ACK", dialled, "").await?;
        Ok(caller)
    }

    /// Presses a key for `held`.
    pub(crate) async fn press(&mut self, key: char, held: Duration) -> io::Result<()> {
        let event = "0123456789*#ABCD".find(key).unwrap_or_default() as u8;
        let packets = (held.as_millis() / PACKET.as_millis()).max(1) as u16;
        for packet in 1..=packets + 3 {
            let over = packet > packets;
            let duration = packet.min(packets) * 160;
            let payload = [event, if over { 0x8a } else { 0x0a }];
            let payload = [payload, duration.to_be_bytes()].concat();
            self.packet(
                TELEPHONE_EVENT | if packet == 1 { 0x80 } else { 0 },
                &payload,
            )
            .await?;
            sleep(PACKET).await;
        }
        self.time += u32::from(packets + 3) * 160;
        Ok(())
    }

    async fn packet(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        let mut packet = vec![0x80, kind];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(self.time.to_be_bytes());
        packet.extend([1, 2, 3, 4]);
        packet.extend(payload);
        self.sequence = self.sequence.wrapping_add(1);
        self.rtp.send_to(&packet, self.media).await.map(drop)
    }

    fn offer(&self) -> io::Result<String> {
        let port = self.rtp.local_addr()?.port();
        Ok(format!(
            "v=0\r\no=- 1 1 IN IP4 {ADDRESS}\r\ns=-\r\nc=IN IP4 {ADDRESS}\r\nt=0 0\r\n\
             m=audio {port} RTP/AVP 8 {TELEPHONE_EVENT}\r\na=rtpmap:8 PCMA/8000\r\n\
             a=rtpmap:{TELEPHONE_EVENT} telephone-event/8000\r\na=fmtp:{TELEPHONE_EVENT} 0-15\r\n"
        ))
    }

    async fn send(&self, method: &str, dialled: &str, body: &str) -> io::Result<()> {
        let (pbx, own) = (self.pbx, self.sip.local_addr()?);
        let (from, to, call) = (&self.from, &self.to, &self.call);
        let (branch, length) = (fastrand::u64(..), body.len());
        let message = format!(
            "{method} sip:{dialled}@{pbx} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{branch:x}\r\n\
             Max-Forwards: 70\r\nFrom: {from}\r\nTo: {to}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n\
             Contact: <sip:caller@{own}>\r\nContent-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.sip.send_to(message.as_bytes(), pbx).await.map(drop)
    }

    /// The final answer to our INVITE.
    async fn answer(&self) -> Result<String> {
        let mut buffer = vec![0; 65536];
        loop {
            let (length, _) = self.sip.recv_from(&mut buffer).await?;
            let message = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if message.starts_with("SIP/2.0 2") {
                return Ok(message);
            }
            if !message.starts_with("SIP/2.0 1") {
                return Err(format!("the call was refused:\n{message}").into());
            }
        }
    }
}

/// A telephone outside that answers every call with one SIP status, as no real telephone can be told
/// to. Dropped, it is gone.
#[derive(Debug)]
pub(crate) struct RefusingTelephone {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl RefusingTelephone {
    /// A telephone that refuses with this status, such as `404 Not Found`.
    pub(crate) async fn start(status: &'static str) -> io::Result<Self> {
        let sip = UdpSocket::bind((ADDRESS, 0)).await?;
        Ok(Self {
            address: sip.local_addr()?,
            task: tokio::spawn(refuse_all(sip, status)),
        })
    }

    /// Where it can be called: `sip:+79161112233@127.0.1.1:20002`.
    pub(crate) fn uri(&self, number: &str) -> String {
        format!("sip:{number}@{}", self.address)
    }
}

impl Drop for RefusingTelephone {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn refuse_all(sip: UdpSocket, status: &str) {
    let mut buffer = vec![0; 4096];
    while let Ok((length, from)) = sip.recv_from(&mut buffer).await {
        let message = String::from_utf8_lossy(&buffer[..length]).into_owned();
        if !message.starts_with("INVITE ") {
            continue;
        }
        sleep(REFUSES_AFTER).await;
        let copied = |name| header(&message, name).unwrap_or_default();
        let (via, from_header) = (copied("Via: "), copied("From: "));
        let (to, call, sequence) = (copied("To: "), copied("Call-ID: "), copied("CSeq: "));
        let refusal = format!(
            "SIP/2.0 {status}\r\nVia: {via}\r\nFrom: {from_header}\r\nTo: {to};tag=refused\r\n\
             Call-ID: {call}\r\nCSeq: {sequence}\r\nContent-Length: 0\r\n\r\n"
        );
        if sip.send_to(refusal.as_bytes(), from).await.is_err() {
            return;
        }
    }
}

/// A telephone outside whose network says something before it answers or refuses: 183 and a tone, and
/// then a status. After 200 the tone goes on. Dropped, it is gone.
#[derive(Debug)]
pub(crate) struct AnnouncingTelephone {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl AnnouncingTelephone {
    /// Ends the call or answers it with this status after a tone of so many hertz, which lasts so long.
    pub(crate) async fn start(
        status: &'static str,
        hertz: f64,
        lasts: Duration,
    ) -> io::Result<Self> {
        let sip = UdpSocket::bind((ADDRESS, 0)).await?;
        let rtp = UdpSocket::bind((ADDRESS, 0)).await?;
        let address = sip.local_addr()?;
        let announcing =
            async move { drop(announce(&sip, &rtp, status, &tone(hertz, lasts)).await) };
        Ok(Self {
            address,
            task: tokio::spawn(announcing),
        })
    }

    /// Where it can be called: `sip:+79161112233@127.0.1.1:20002`.
    pub(crate) fn uri(&self, number: &str) -> String {
        format!("sip:{number}@{}", self.address)
    }
}

impl Drop for AnnouncingTelephone {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn announce(sip: &UdpSocket, rtp: &UdpSocket, status: &str, sound: &[i16]) -> Result<()> {
    let mut buffer = vec![0; 4096];
    let (invite, from) = loop {
        let (length, from) = sip.recv_from(&mut buffer).await?;
        let message = String::from_utf8_lossy(&buffer[..length]).into_owned();
        if message.starts_with("INVITE ") {
            break (message, from);
        }
    };
    let port = header(&invite, "m=audio ").and_then(|line| line.split(' ').next());
    let media = SocketAddr::new(from.ip(), port.ok_or("no media in the call")?.parse()?);
    let own = rtp.local_addr()?.port();
    let offer = format!(
        "v=0\r\no=- 1 1 IN IP4 {ADDRESS}\r\ns=-\r\nc=IN IP4 {ADDRESS}\r\nt=0 0\r\n\
         m=audio {own} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
    );
    sleep(REFUSES_AFTER).await;
    let progress = reply(&invite, "183 Session Progress", &offer, sip.local_addr()?);
    sip.send_to(progress.as_bytes(), from).await?;
    let mut number = 0;
    speak(rtp, media, sound, &mut number).await?;
    let is_answer = status.starts_with("200");
    let body = if is_answer { offer.as_str() } else { "" };
    let last = reply(&invite, status, body, sip.local_addr()?);
    sip.send_to(last.as_bytes(), from).await?;
    if !is_answer {
        return std::future::pending().await;
    }
    loop {
        speak(rtp, media, sound, &mut number).await?;
    }
}

async fn speak(
    rtp: &UdpSocket,
    media: SocketAddr,
    sound: &[i16],
    number: &mut usize,
) -> io::Result<()> {
    for samples in sound.chunks(samples_in(PACKET)) {
        let mut packet = vec![0x80, 8];
        packet.extend((*number as u16).to_be_bytes());
        packet.extend(((*number * samples_in(PACKET)) as u32).to_be_bytes());
        packet.extend([1, 2, 3, 4]);
        packet.extend(samples.iter().map(|sample| a_law(*sample)));
        rtp.send_to(&packet, media).await?;
        sleep(PACKET).await;
        *number += 1;
    }
    Ok(())
}

fn reply(invite: &str, status: &str, body: &str, own: SocketAddr) -> String {
    let copied = |name| header(invite, name).unwrap_or_default();
    let (via, from, to) = (copied("Via: "), copied("From: "), copied("To: "));
    let (call, sequence, length) = (copied("Call-ID: "), copied("CSeq: "), body.len());
    format!(
        "SIP/2.0 {status}\r\nVia: {via}\r\nFrom: {from}\r\nTo: {to};tag=announced\r\nCall-ID: {call}\r\n\
         CSeq: {sequence}\r\nContact: <sip:network@{own}>\r\nContent-Type: application/sdp\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// G.711.
fn a_law(sample: i16) -> u8 {
    let sign = if sample < 0 { 0 } else { 0x80 };
    let size = u32::from(sample.unsigned_abs()).min(32767) >> 3;
    let code = match size {
        0..32 => size >> 1,
        _ => {
            let exponent = size.ilog2() - 4;
            (exponent << 4) | ((size >> exponent) & 0xf)
        }
    };
    (sign | code as u8) ^ 0x55
}

fn header<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message.lines().find_map(|line| line.strip_prefix(name))
}
