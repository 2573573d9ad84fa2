//! The ids that we choose in Asterisk: made from the call's id and a counter, so that whatever
//! comes back is led to its call by its name alone, also after a restart.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::ari;
use crate::domain::call::{BridgeId, LegId, PlaybackId};

/// What all our ids begin with.
const PREFIX: &str = "vizavi";

/// A call's id: short, and never used twice, also not by a later process.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct CallId(String);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes call ids: the moment of our start and a counter.
#[derive(Debug)]
pub(crate) struct CallIds {
    started: u64,
    made: AtomicU64,
}

impl CallIds {
    pub(crate) fn new() -> Self {
        let started = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as u64);
        Self {
            started,
            made: AtomicU64::new(0),
        }
    }

    pub(crate) fn next(&self) -> CallId {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        CallId(format!("{:x}.{number}", self.started))
    }
}

/// What one of our ids stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A leg's channel.
    Leg(LegId),
    /// A playback.
    Playback(PlaybackId),
    /// A bridge.
    Bridge(BridgeId),
    /// The channel that records the talk.
    Recorder,
}

impl CallId {
    /// An id that a process before this one has noted; `None` if it can't be one.
    pub(crate) fn noted(text: &str) -> Option<Self> {
        let (started, number) = text.split_once('.')?;
        let is_hex = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_hexdigit());
        (is_hex(started) && is_hex(number)).then(|| Self(text.to_owned()))
    }

    pub(crate) fn leg(&self, leg: LegId) -> ari::ChannelId {
        ari::ChannelId::new(self.part("leg", leg.0))
    }

    pub(crate) fn playback(&self, playback: PlaybackId) -> ari::PlaybackId {
        ari::PlaybackId::new(self.part("playback", playback.0))
    }

    pub(crate) fn bridge(&self, bridge: BridgeId) -> ari::BridgeId {
        ari::BridgeId::new(self.part("bridge", bridge.0))
    }

    /// The channel that records the call's talk: there is one talk in a call.
    pub(crate) fn recorder(&self) -> ari::ChannelId {
        ari::ChannelId::new(self.part("recorder", 1))
    }

    fn part(&self, kind: &str, number: u32) -> String {
        format!("{PREFIX}-{}-{kind}-{number}", self.0)
    }
}

/// The call and the part that an id of ours names; `None` for anybody else's id.
pub(crate) fn parse(id: &str) -> Option<(CallId, Part)> {
    let mut words = id.split('-');
    if words.next()? != PREFIX {
        return None;
    }
    let call = CallId(words.next()?.to_owned());
    let kind = words.next()?;
    let number = words.next()?.parse().ok()?;
    let part = match kind {
        "leg" => Part::Leg(LegId(number)),
        "playback" => Part::Playback(PlaybackId(number)),
        "bridge" => Part::Bridge(BridgeId(number)),
        "recorder" => Part::Recorder,
        _ => return None,
    };
    words.next().is_none().then_some((call, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_call() {
        let call = CallIds::new().next();
        let leg = call.leg(LegId(2));
        assert_eq!(
            parse(leg.as_str()),
            Some((call.clone(), Part::Leg(LegId(2))))
        );
        let bridge = call.bridge(BridgeId(1));
        assert_eq!(
            parse(bridge.as_str()),
            Some((call.clone(), Part::Bridge(BridgeId(1))))
        );
        let playback = call.playback(PlaybackId(7));
        assert_eq!(
            parse(playback.as_str()),
            Some((call.clone(), Part::Playback(PlaybackId(7))))
        );
        let recorder = call.recorder();
        assert_eq!(parse(recorder.as_str()), Some((call, Part::Recorder)));
    }

    #[test]
    fn other_peoples_ids_are_nobodys() {
        for id in [
            "1763690000.12",
            "vizavi",
            "vizavi-1.1-leg",
            "vizavi-1.1-leg-x",
            "vizavi-1.1-leg-1-2",
            "other-1.1-leg-1",
        ] {
            assert_eq!(parse(id), None, "{id}");
        }
    }

    #[test]
    fn an_id_that_was_noted_is_the_same_call() {
        let call = CallIds::new().next();
        assert_eq!(CallId::noted(&call.to_string()), Some(call));
        for text in ["", ".", "1.", "1", "1-2.3", "x.1"] {
            assert_eq!(CallId::noted(text), None, "{text}");
        }
    }

    #[test]
    fn no_call_has_the_id_of_another() {
        let ids = CallIds::new();
        assert_ne!(ids.next(), ids.next());
    }
}
