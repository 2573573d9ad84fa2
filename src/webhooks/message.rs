//! What is told, in JSON: a CloudEvent 1.0.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::CallbackFact;
use crate::domain::call::{FallbackReason, Outcome};
use crate::domain::delivery::Message;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::EmployeeId;

/// Who says so.
const SOURCE: &str = "vizavi";

/// What can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The caller is there.
    Started,
    /// The caller hears whom they are offered.
    Offered,
    /// The caller talks with somebody they chose.
    Connected,
    /// The call is over.
    Finished,
    /// An operator took a callback: the CRM may open the person's card.
    CallbackOperatorAnswered,
    /// The person is being called back.
    CallbackPersonDialled,
    /// The operator and the person hear each other.
    CallbackConnected,
    /// An attempt to call somebody back is over.
    CallbackAttemptEnded,
    /// A callback job is over.
    CallbackEnded,
}

impl Kind {
    /// All of them, in the order in which they happen.
    pub const ALL: [Self; 9] = [
        Self::Started,
        Self::Offered,
        Self::Connected,
        Self::Finished,
        Self::CallbackOperatorAnswered,
        Self::CallbackPersonDialled,
        Self::CallbackConnected,
        Self::CallbackAttemptEnded,
        Self::CallbackEnded,
    ];

    /// The type of the event.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Started => "call.started",
            Self::Offered => "call.offered",
            Self::Connected => "call.connected",
            Self::Finished => "call.finished",
            Self::CallbackOperatorAnswered => "callback.operator_answered",
            Self::CallbackPersonDialled => "callback.person_dialled",
            Self::CallbackConnected => "callback.connected",
            Self::CallbackAttemptEnded => "callback.attempt_ended",
            Self::CallbackEnded => "callback.ended",
        }
    }

    /// The kind that has this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A call at one moment.
#[derive(Clone, Debug)]
pub struct CallFact {
    /// What has just happened.
    pub kind: Kind,
    /// The call's id.
    pub call: String,
    /// Who called; `None` if the number is withheld or can't be read.
    pub caller: Option<PhoneNumber>,
    /// When the call came.
    pub began: Timestamp,
    /// The moment.
    pub at: Timestamp,
    /// Who was offered, in order.
    pub offered: Vec<EmployeeId>,
    /// Who was chosen, each time.
    pub chosen: Vec<EmployeeId>,
    /// Who talked with the caller, and how long up to now.
    pub talked: Option<(EmployeeId, Duration)>,
    /// How it ended, if it has.
    pub outcome: Option<Outcome>,
}

/// Something to be told.
#[derive(Clone, Debug)]
pub enum Fact {
    /// Of a call.
    Call(Box<CallFact>),
    /// Of a callback job.
    Callback(Box<CallbackFact>),
}

impl Fact {
    /// What has happened.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Call(fact) => fact.kind,
            Self::Callback(fact) => fact.kind(),
        }
    }

    /// What one webhook is told of it.
    ///
    /// # Errors
    /// If it can't be put into JSON.
    pub(super) fn message(&self, webhook: &str) -> Result<Message, serde_json::Error> {
        match self {
            Self::Call(fact) => fact.message(webhook),
            Self::Callback(fact) => fact.message(webhook),
        }
    }
}

#[derive(Serialize)]
pub(super) struct CloudEvent<'a, D> {
    specversion: &'a str,
    id: &'a str,
    source: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    time: String,
    subject: &'a str,
    datacontenttype: &'a str,
    data: D,
}

impl<'a, D> CloudEvent<'a, D> {
    pub(super) fn new(
        (id, kind): (&'a str, Kind),
        subject: &'a str,
        at: Timestamp,
        data: D,
    ) -> Self {
        Self {
            specversion: "1.0",
            id,
            source: SOURCE,
            kind: kind.name(),
            time: at.to_string(),
            subject,
            datacontenttype: "application/json",
            data,
        }
    }
}

/// What is not known yet is left out.
#[derive(Serialize)]
struct Data<'a> {
    call: &'a str,
    /// `null` if it is withheld.
    caller: Option<&'a str>,
    began: String,
    offered: Vec<&'a str>,
    chosen: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    talked: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl CallFact {
    /// What one webhook is told of it.
    ///
    /// # Errors
    /// If it can't be put into JSON.
    pub(super) fn message(&self, webhook: &str) -> Result<Message, serde_json::Error> {
        let id = self.id();
        Ok(Message {
            body: self.body(&id)?,
            id,
            webhook: webhook.to_owned(),
            call: self.call.clone(),
            kind: self.kind.name().to_owned(),
            caller: self.caller.clone(),
            made: self.at,
            attempts: 0,
            due: self.at,
        })
    }

    /// Without a dot: the signature is about "id.timestamp.body".
    fn id(&self) -> String {
        // The end of that talk is told too if we are there again by then, and is no repetition.
        let before_the_end = match self.outcome {
            Some(Outcome::TalksOn) => ".talks_on",
            Some(
                Outcome::Talked
                | Outcome::CallbackLeft
                | Outcome::HungUp
                | Outcome::Fallback(_)
                | Outcome::Stuck,
            )
            | None => "",
        };
        format!("{}.{}{before_the_end}", self.call, self.kind.name()).replace('.', "-")
    }

    fn body(&self, id: &str) -> Result<String, serde_json::Error> {
        let reason = self.outcome.and_then(Outcome::reason);
        let talk = self.talked.as_ref();
        serde_json::to_string(&CloudEvent::new(
            (id, self.kind),
            &self.call,
            self.at,
            Data {
                call: &self.call,
                caller: self.caller.as_ref().map(PhoneNumber::as_str),
                began: self.began.to_string(),
                offered: self.offered.iter().map(EmployeeId::as_str).collect(),
                chosen: self.chosen.iter().map(EmployeeId::as_str).collect(),
                talked: talk.map(|(employee, _)| employee.as_str()),
                seconds: talk
                    .filter(|_| self.kind == Kind::Finished)
                    .map(|(_, length)| length.as_secs()),
                outcome: self.outcome.map(Outcome::name),
                reason: reason.map(FallbackReason::name),
            },
        ))
    }
}
