//! One telephone's side of one call: which SIP message comes next.

use std::fmt::Write as _;
use std::net::SocketAddr;

use crate::sip::{self, Message};

/// What a telephone remembers of a call.
#[derive(Debug)]
pub(crate) struct Dialog {
    /// Where this telephone is.
    local: SocketAddr,
    call_id: String,
    /// How we are named in it, with our tag.
    own: String,
    /// How the other side is named, with its tag once there is one.
    peer: String,
    /// Where requests go.
    target: String,
    tag: String,
    sequence: u32,
    branch: u32,
}

impl Dialog {
    /// For a call that this telephone makes.
    pub(crate) fn to_make(
        local: SocketAddr,
        pbx: SocketAddr,
        key: &str,
        (from, to): (&str, &str),
    ) -> Self {
        let target = format!("sip:{to}@{pbx}");
        Self {
            local,
            call_id: format!("{key}@{}", local.ip()),
            own: format!("<sip:{from}@{}>;tag={key}", local.ip()),
            peer: format!("<{target}>"),
            target,
            tag: key.to_owned(),
            sequence: 1,
            branch: 0,
        }
    }

    /// For a call that comes in; nothing if the INVITE lacks what it must have.
    pub(crate) fn to_take(local: SocketAddr, key: &str, invite: &Message) -> Option<Self> {
        let tag = format!("{key}e");
        Some(Self {
            local,
            call_id: invite.call_id()?.to_owned(),
            own: format!("{};tag={tag}", invite.header("To")?),
            peer: invite.header("From")?.to_owned(),
            target: sip::target(invite.header("Contact")?).to_owned(),
            tag,
            sequence: 1,
            branch: 0,
        })
    }

    pub(crate) fn call_id(&self) -> &str {
        &self.call_id
    }

    pub(crate) fn tag(&self) -> &str {
        &self.tag
    }

    /// The header by which the other side finds us.
    pub(crate) fn contact(&self) -> String {
        format!("Contact: <sip:telephone@{}>\r\n", self.local)
    }

    /// The call itself, with what we want to hear.
    pub(crate) fn invite(&self, sound: SocketAddr) -> String {
        let mut text = self.head("INVITE", self.branch);
        text.push_str(&self.contact());
        sip::with_body(text, &sip::describe(sound))
    }

    /// Takes an answer to the INVITE: whom we talk to is known now.
    pub(crate) fn answered(&mut self, answer: &Message) {
        if let Some(to) = answer.header("To") {
            to.clone_into(&mut self.peer);
        }
        if let Some(contact) = answer.header("Contact") {
            sip::target(contact).clone_into(&mut self.target);
        }
    }

    /// Confirms a 2xx.
    pub(crate) fn ack(&self) -> String {
        sip::with_body(self.head("ACK", self.branch + 1000), "")
    }

    /// Confirms a refusal.
    pub(crate) fn ack_refusal(&self) -> String {
        sip::with_body(self.head("ACK", self.branch), "")
    }

    /// Takes the INVITE back.
    pub(crate) fn cancel(&self) -> String {
        sip::with_body(self.head("CANCEL", self.branch), "")
    }

    /// Hangs up.
    pub(crate) fn bye(&mut self) -> String {
        self.sequence += 1;
        self.branch += 1;
        sip::with_body(self.head("BYE", self.branch), "")
    }

    fn head(&self, method: &str, branch: u32) -> String {
        let Self {
            local,
            call_id,
            own,
            peer,
            target,
            tag,
            sequence,
            ..
        } = self;
        let mut text = format!("{method} {target} SIP/2.0\r\n");
        let _ = write!(
            text,
            "Via: SIP/2.0/UDP {local};branch=z9hG4bK{tag}-{branch};rport\r\nMax-Forwards: 70\r\n\
             From: {own}\r\nTo: {peer}\r\nCall-ID: {call_id}\r\nCSeq: {sequence} {method}\r\n"
        );
        text
    }
}
