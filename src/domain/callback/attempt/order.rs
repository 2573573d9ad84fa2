//! What one attempt is told: whom it is about, what is said, and how patient it is.

use std::fmt;
use std::time::Duration;

use super::super::super::directory::Endpoint;
use super::super::super::prompt::Prompt;
use super::super::JobId;

/// All that an attempt needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The job that it is made for: noted on both legs, so that a later process finds them again.
    pub job: JobId,
    /// Which attempt of its job it is, from one.
    pub number: u32,
    /// Who is called back.
    pub patient: Patient,
    /// Who calls them.
    pub operators: Operators,
    /// What the two hear from us.
    pub prompts: Prompts,
    /// How patient it is.
    pub policy: Policy,
}

/// Who is called back. Personal data: `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Patient {
    /// The telephone: a number behind the carrier's trunk, or a telephone of the PBX itself.
    pub endpoint: Endpoint,
    /// The number that the operator's telephone shows.
    pub number: String,
    /// The name that the operator's telephone shows.
    pub name: String,
    /// The number that the patient's telephone shows: the clinic's.
    pub shown_number: String,
    /// The name that the patient's telephone shows.
    pub shown_name: String,
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patient(hidden)")
    }
}

/// Who calls the patient back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operators {
    /// Whose call it is, by their telephones, which ring all at once; if there are none, whoever of the
    /// queue is free takes it.
    pub owner: Vec<Endpoint>,
    /// The queue's name in Asterisk. A patient who is left alone always goes there.
    pub queue: String,
    /// `QUEUE_PRIO`: whoever has more is served first. Callers have 0 unless the dialplan says otherwise.
    pub priority: u32,
}

impl Operators {
    /// The owner's telephones as one dial string; `None` if it is the queue that is called.
    #[must_use]
    pub fn dial_string(&self) -> Option<String> {
        let telephones: Vec<&str> = self.owner.iter().map(Endpoint::as_str).collect();
        (!telephones.is_empty()).then(|| telephones.join("&"))
    }
}

/// What is said in one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompts {
    /// To the operator: whom it is about, and which keys there are.
    pub briefing: Prompt,
    /// The same without names and reasons, for when no voice is left that could say those.
    pub plain: Prompt,
    /// To the operator who accepted.
    pub connecting: Prompt,
    /// To the operator: the patient's line is busy.
    pub busy: Prompt,
    /// To the operator: the patient was not reached.
    pub no_answer: Prompt,
    /// To the operator whom we can't serve.
    pub sorry: Prompt,
    /// To the patient who picked up when the operator had gone.
    pub apology: Prompt,
}

/// The times of an attempt, as the operator of the PBX set them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How it is found out whether a person took the operator's leg.
    pub detection: Detection,
    /// How long it may wait in the queue until somebody takes it.
    pub queue_time: Duration,
    /// How long after the pick-up the briefing begins, unless a key is pressed before.
    pub briefing_after: Duration,
    /// How long a key is awaited after the briefing.
    pub key_time: Duration,
    /// What it means when none came.
    pub silence: Silence,
    /// How long the patient's telephone rings.
    pub ring_time: Duration,
    /// How long the prompts may take to be made, before anybody is rung.
    pub prompt_time: Duration,
    /// How much longer than the step that it covers a lease runs.
    pub lease_margin: Duration,
}

/// How it is found out whether a person took the operator's leg.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detection {
    /// It is not: operators always are persons.
    Off,
    /// Asterisk listens before the briefing. Whom it is not sure of must press a key.
    Amd,
    /// Who presses a key is a person.
    #[default]
    Key,
}

/// What it means when a person pressed no key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Silence {
    /// Connect me.
    #[default]
    Connects,
    /// Later.
    Postpones,
}

/// How often one operator may have the briefing repeated.
pub(super) const MOST_REPEATS: u32 = 10;

/// How much longer than its clip a playback may take before we believe that its end got lost.
pub(super) const PLAYBACK_GRACE: Duration = Duration::from_millis(1500);

/// How long a request may take to show its effect before we act as if it had none.
pub(super) const EFFECT_TIME: Duration = Duration::from_secs(3);

/// How long it may take from the pick-up until the operator is with us: AMD listens for five seconds
/// by itself.
pub(super) const DETECTION_TIME: Duration = Duration::from_secs(12);

/// How much longer than set we wait to be told that nobody answered.
pub(super) const RINGING_GRACE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owners_telephones_ring_all_at_once() {
        let endpoint = |text| Endpoint::parse(text).unwrap();
        let mut operators = Operators {
            owner: vec![endpoint("PJSIP/34"), endpoint("PJSIP/+79161234567@trunk")],
            queue: "operators".to_owned(),
            priority: 10,
        };
        let both = "PJSIP/34&PJSIP/+79161234567@trunk";
        assert_eq!(operators.dial_string().as_deref(), Some(both));
        operators.owner.clear();
        assert_eq!(operators.dial_string(), None);
    }
}
