//! What kind of phone it is.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// What a phone's owner does when it rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answering {
    /// Nothing by itself: the test answers, or nobody does.
    ByHand,
    /// Picks up after it has rung that long.
    After(Duration),
    /// Refuses every call: 486.
    Busy,
}

/// What is said into a phone, from the moment its media begin. RTP flows all the time, also while it is silent, for
/// at most [`super::LONGEST_CALL`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Speech {
    /// Nothing.
    Silence,
    /// A tone of so many hertz, without end.
    Tone(f64),
    /// These samples (8 kHz) once, then silence.
    Once(Vec<i16>),
    /// These samples (8 kHz) again and again.
    Again(Vec<i16>),
}

/// How a call's sound is coded on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    /// G.711 A-law, what Europe's and Russia's networks use.
    Alaw,
    /// G.711 µ-law.
    Ulaw,
}

impl Codec {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Alaw => "PCMA",
            Self::Ulaw => "PCMU",
        }
    }
}

/// A phone before it is switched on.
#[derive(Clone)]
pub(crate) struct PhoneSettings {
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) name: String,
    pub(super) registrar: Option<SocketAddr>,
    pub(super) address: IpAddr,
    pub(super) speech: Speech,
    pub(super) answering: Answering,
    pub(super) codec: Codec,
    pub(super) sip_trace: bool,
}

impl PhoneSettings {
    /// A client's phone, as it comes from a trunk: it listens on 127.0.1.1, registers nowhere, and `number` is its caller ID.
    pub(crate) fn caller(number: &str) -> Self {
        Self {
            user: number.to_owned(),
            password: None,
            name: String::new(),
            registrar: None,
            address: IpAddr::V4(Ipv4Addr::new(127, 0, 1, 1)),
            speech: Speech::Silence,
            answering: Answering::ByHand,
            codec: Codec::Alaw,
            sip_trace: false,
        }
    }

    /// An employee's phone on 127.0.0.1 that registers with the PBX under its extension.
    /// The password may hold what a SIP parameter can: no `;`, quotes or spaces.
    pub(crate) fn employee(extension: &str, password: &str, pbx: SocketAddr) -> Self {
        Self {
            password: Some(password.to_owned()),
            registrar: Some(pbx),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            ..Self::caller(extension)
        }
    }

    /// The display name that goes with the number.
    pub(crate) fn named(self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self
        }
    }

    /// What is said into it.
    pub(crate) fn saying(self, speech: Speech) -> Self {
        Self { speech, ..self }
    }

    /// What its owner does when it rings.
    pub(crate) fn answering(self, answering: Answering) -> Self {
        Self { answering, ..self }
    }

    /// Another codec than A-law.
    pub(crate) fn speaking_in(self, codec: Codec) -> Self {
        Self { codec, ..self }
    }

    /// Another address of this machine to listen on.
    pub(crate) fn at(self, address: IpAddr) -> Self {
        Self { address, ..self }
    }

    /// Writes all SIP messages to [`super::Phone::log`].
    pub(crate) fn with_sip_trace(self) -> Self {
        Self {
            sip_trace: true,
            ..self
        }
    }

    /// The account as baresip writes it.
    pub(super) fn account(&self, sip_port: u16) -> String {
        let domain = self
            .registrar
            .unwrap_or_else(|| (self.address, sip_port).into());
        let (user, name, codec) = (&self.user, &self.name, self.codec.name());
        let mut account = format!("\"{name}\" <sip:{user}@{domain}>;audio_codecs={codec}");
        // An empty password keeps baresip from asking for one.
        let password = self.password.as_deref().unwrap_or("\"\"");
        if self.registrar.is_some() {
            account += &format!(";regint=60;auth_pass={password}");
        } else {
            account += ";regint=0";
        }
        account
    }
}
