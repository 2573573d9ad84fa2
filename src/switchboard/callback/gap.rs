//! After a gap in the events: what Asterisk has is compared with what the attempts believe, and what
//! they missed is told to them as if it had just happened. Legs that no attempt knows are brought home.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;

use tokio::sync::mpsc;

use super::super::reality::Reality;
use super::names::{self, AttemptId, Part};
use super::performer::{ANSWERED_OPERATOR, ANSWERED_PATIENT, bring_home};
use super::registry::Registry;
use super::resuming::{self, Looked, Sought};
use super::translation;
use crate::ari::{Channel, ChannelState, HangupReason, RequestError, Requests};
use crate::domain::callback::JobId;
use crate::domain::callback::attempt::{Cause, Departure, Event, Side};

/// What one attempt believed before Asterisk was asked.
struct Belief {
    operator: bool,
    patient: bool,
    mailbox: mpsc::Sender<Event>,
}

/// What all attempts believe at this moment. Taken before Asterisk is asked, so that whatever is
/// missing from its answer is really gone.
#[derive(Default)]
pub(in super::super) struct Beliefs {
    running: HashMap<AttemptId, Belief>,
    sought: HashSet<JobId>,
}

impl Beliefs {
    pub(super) fn of(attempts: &Registry, sought: &Sought) -> Self {
        let beliefs = attempts.iter().map(|(id, entry)| {
            let belief = Belief {
                operator: entry.ledger.operator.load(Ordering::Acquire),
                patient: entry.ledger.patient.load(Ordering::Acquire),
                mailbox: entry.mailbox.clone(),
            };
            (id.clone(), belief)
        });
        Self {
            running: beliefs.collect(),
            sought: sought.keys().cloned().collect(),
        }
    }

    /// Looks for attempts of a process before this one, before their legs are brought home.
    pub(in super::super) async fn look_for_sought(
        &self,
        requests: &Requests,
        reality: &Reality,
    ) -> Result<Looked, RequestError> {
        let is_known = |attempt: &AttemptId| self.running.contains_key(attempt);
        resuming::look(requests, reality, &self.sought, is_known).await
    }

    /// Tells the attempts what they missed.
    pub(in super::super) async fn tell_what_was_missed(&self, reality: &Reality) {
        for (id, belief) in &self.running {
            for event in missed(id, belief, reality) {
                tracing::info!(callback = %id, ?event, "happened while Asterisk was out of reach");
                // The attempt has ended when nobody takes it.
                let _ = belief.mailbox.send(event).await;
            }
        }
    }

    /// Cleans up what belongs to no attempt.
    pub(in super::super) async fn bring_home_strangers(
        &self,
        requests: &Requests,
        reality: &Reality,
    ) {
        for channel in reality.channels.values() {
            let Some((attempt, side)) = translation::leg(channel) else {
                continue;
            };
            if self.running.contains_key(&attempt) || reality.talks(&channel.id) {
                continue;
            }
            if channel.state == ChannelState::Up {
                // Who waits in the queue already is not sent there again.
                if reality.is_ours(&channel.id) {
                    bring_home(requests, &channel.id, side).await;
                }
            } else {
                // Nobody is to pick up for an attempt that is over.
                let hung_up = requests.hang_up(&channel.id, HangupReason::Normal).await;
                super::super::performer::polite(hung_up);
            }
        }
        for bridge in &reality.bridges {
            if let Some((attempt, Part::Bridge | Part::EarlyBridge)) =
                names::parse(bridge.id.as_str())
                && !self.running.contains_key(&attempt)
                && bridge.channels.is_empty()
            {
                super::super::performer::polite(requests.destroy_bridge(&bridge.id).await);
            }
        }
    }
}

/// The patient's news come first: an operator who is gone ends the attempt.
fn missed(id: &AttemptId, belief: &Belief, reality: &Reality) -> Vec<Event> {
    let mut events = Vec::new();
    if belief.patient {
        let channel = reality.channels.get(&id.patient());
        let bridged = reality.talks(&id.patient());
        events.extend(missed_of_patient(channel, bridged));
    }
    if belief.operator {
        events.extend(missed_of_operator(reality.channels.get(&id.operator())));
    }
    events
}

fn missed_of_patient(channel: Option<&Channel>, bridged: bool) -> Option<Event> {
    let Some(channel) = channel else {
        return Some(Event::PatientEnded(Cause::default()));
    };
    if channel.state != ChannelState::Up || bridged {
        return None;
    }
    if channel.dialplan.extension == ANSWERED_PATIENT {
        return Some(Event::PatientAnswered);
    }
    Some(Event::PatientWentOn)
}

/// That somebody picked up meanwhile is not told: what the dialplan found out of them is lost, and
/// its lease looks after them.
fn missed_of_operator(channel: Option<&Channel>) -> Option<Event> {
    let Some(channel) = channel else {
        return Some(Event::OperatorLeft(Departure::HungUp));
    };
    let left = channel.state == ChannelState::Up && channel.dialplan.extension != ANSWERED_OPERATOR;
    left.then_some(Event::OperatorLeft(Departure::ToDialplan))
}

/// The leg of an attempt that is over, or was a process before this one's, has come to us.
pub(super) fn stranger(requests: &Requests, channel: &Channel, side: Side) {
    let (requests, id) = (requests.clone(), channel.id.clone());
    tokio::spawn(async move { bring_home(&requests, &id, side).await });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn channel(state: &str, extension: &str) -> Channel {
        let channel = json!({
            "id": "x",
            "name": "PJSIP/trunk-00000001",
            "state": state,
            "dialplan": {"context": "vizavi-callback", "exten": extension, "priority": 1},
            "creationtime": "2026-11-21T02:03:31.123+0000",
        });
        serde_json::from_value(channel).unwrap()
    }

    #[test]
    fn a_patient_who_rings_or_talks_on_was_not_missed() {
        assert_eq!(
            missed_of_patient(Some(&channel("Ringing", "s")), false),
            None
        );
        assert_eq!(missed_of_patient(Some(&channel("Up", "s")), true), None);
    }

    #[test]
    fn an_answer_an_end_and_a_lease_of_the_patient_are_missed() {
        let answered = missed_of_patient(Some(&channel("Up", "s")), false);
        assert_eq!(answered, Some(Event::PatientAnswered));
        let ended = Event::PatientEnded(Cause::default());
        assert_eq!(missed_of_patient(None, false), Some(ended));
        let went_on = missed_of_patient(Some(&channel("Up", "alone")), false);
        assert_eq!(went_on, Some(Event::PatientWentOn));
    }

    #[test]
    fn an_operator_who_is_gone_or_in_the_dialplan_is_missed() {
        let left = |departure| Some(Event::OperatorLeft(departure));
        assert_eq!(missed_of_operator(None), left(Departure::HungUp));
        let sorry = channel("Up", "sorry");
        assert_eq!(
            missed_of_operator(Some(&sorry)),
            left(Departure::ToDialplan)
        );
        for (state, extension) in [("Up", "operator"), ("Down", "")] {
            assert_eq!(missed_of_operator(Some(&channel(state, extension))), None);
        }
    }
}
