//! The ids that we choose in Asterisk for an attempt: made from the attempt's id, so that whatever
//! comes back is led to it by its name alone, also after a restart.

use std::fmt;

use super::super::names::CallIds;
use crate::ari;
use crate::domain::call::PlaybackId;

/// What all ids of attempts begin with.
const PREFIX: &str = "vizavi-callback-";

/// An attempt's id: short, and never used twice, also not by a later process.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AttemptId(String);

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one of our ids stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Our half of the operator's leg.
    Operator,
    /// The patient's leg.
    Patient,
    /// The bridge.
    Bridge,
    /// What hears the patient's network, for the operator.
    Listener,
    /// The bridge in which the operator hears it.
    EarlyBridge,
    /// A playback to the operator.
    Playback(PlaybackId),
}

impl AttemptId {
    pub(crate) fn next(ids: &CallIds) -> Self {
        Self(ids.next().to_string())
    }

    pub(crate) fn operator(&self) -> ari::ChannelId {
        ari::ChannelId::new(self.part("operator"))
    }

    pub(crate) fn patient(&self) -> ari::ChannelId {
        ari::ChannelId::new(self.part("patient"))
    }

    pub(crate) fn bridge(&self) -> ari::BridgeId {
        ari::BridgeId::new(self.part("bridge"))
    }

    pub(crate) fn listener(&self) -> ari::ChannelId {
        ari::ChannelId::new(self.part("listener"))
    }

    pub(crate) fn early_bridge(&self) -> ari::BridgeId {
        ari::BridgeId::new(self.part("early"))
    }

    pub(crate) fn playback(&self, playback: PlaybackId) -> ari::PlaybackId {
        ari::PlaybackId::new(self.part(&format!("playback-{}", playback.0)))
    }

    fn part(&self, part: &str) -> String {
        format!("{PREFIX}{}-{part}", self.0)
    }
}

/// The attempt and the part that an id of ours names; `None` for anybody else's id, and for the far
/// half of an operator's leg, which is the dialplan's.
pub(crate) fn parse(id: &str) -> Option<(AttemptId, Part)> {
    let (attempt, part) = id.strip_prefix(PREFIX)?.split_once('-')?;
    let part = match part {
        "operator" => Part::Operator,
        "patient" => Part::Patient,
        "bridge" => Part::Bridge,
        "listener" => Part::Listener,
        "early" => Part::EarlyBridge,
        _ => Part::Playback(PlaybackId(part.strip_prefix("playback-")?.parse().ok()?)),
    };
    Some((AttemptId(attempt.to_owned()), part))
}

#[cfg(test)]
mod tests {
    use super::super::super::names;
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_attempt() {
        let attempt = AttemptId::next(&CallIds::new());
        let ids = [
            (attempt.operator().to_string(), Part::Operator),
            (attempt.patient().to_string(), Part::Patient),
            (attempt.bridge().to_string(), Part::Bridge),
            (attempt.listener().to_string(), Part::Listener),
            (attempt.early_bridge().to_string(), Part::EarlyBridge),
            (
                attempt.playback(PlaybackId(7)).to_string(),
                Part::Playback(PlaybackId(7)),
            ),
        ];
        for (id, part) in ids {
            assert_eq!(parse(&id), Some((attempt.clone(), part)));
        }
    }

    #[test]
    fn an_attempt_is_no_call_and_a_call_no_attempt() {
        let ids = CallIds::new();
        let attempt = AttemptId::next(&ids);
        for id in [attempt.operator(), attempt.patient()] {
            assert_eq!(names::parse(id.as_str()), None);
        }
        let leg = ids.next().leg(crate::domain::call::LegId(1));
        assert_eq!(parse(leg.as_str()), None);
    }

    #[test]
    fn other_peoples_ids_are_nobodys() {
        for id in [
            "1763690000.12",
            "vizavi-callback-",
            "vizavi-callback-1.1-operator;2",
            "vizavi-callback-1.1-playback-x",
        ] {
            assert_eq!(parse(id), None, "{id}");
        }
    }
}
