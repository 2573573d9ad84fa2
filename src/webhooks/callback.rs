//! What is told of callback jobs, in JSON: CloudEvents as those of calls are.

use jiff::Timestamp;
use serde::Serialize;

use super::message::{CloudEvent, Kind};
use crate::domain::callback::{AttemptResult, Job, State};
use crate::domain::delivery::Message;
use crate::domain::phone::PhoneNumber;

/// A callback job at one moment.
#[derive(Clone, Debug)]
pub struct CallbackFact {
    kind: Kind,
    /// The job's id, as the CRM named it.
    job: String,
    phone: Option<PhoneNumber>,
    at: Timestamp,
    /// Which attempt it is about; `None` if about none.
    number: Option<u32>,
    /// Who took the call, if that is known.
    operator: Option<String>,
    result: Option<AttemptResult>,
    /// When somebody is called again, at the earliest.
    next: Option<Timestamp>,
    ending: Option<&'static str>,
}

/// What is not known is left out.
#[derive(Serialize)]
struct Data<'a> {
    callback: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sip: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<&'a str>,
}

impl CallbackFact {
    /// How far an attempt has come.
    #[must_use]
    pub fn attempt_goes_on(
        kind: Kind,
        job: &Job,
        (number, operator): (u32, Option<String>),
        at: Timestamp,
    ) -> Self {
        Self {
            number: Some(number),
            operator,
            ..Self::of(kind, job, at)
        }
    }

    /// An attempt is over, and this is the job now.
    #[must_use]
    pub fn attempt_ended(job: &Job, result: &AttemptResult) -> Self {
        let next = match job.state {
            State::Waiting { next, .. } => Some(next),
            State::Running { .. } | State::Ended { .. } => None,
        };
        Self {
            number: Some(job.begun),
            operator: result.operator.clone(),
            result: Some(result.clone()),
            next,
            ..Self::of(Kind::CallbackAttemptEnded, job, result.ended)
        }
    }

    /// The job is over; `None` if it is not.
    #[must_use]
    pub fn job_ended(job: &Job) -> Option<Self> {
        let State::Ended { ending, at } = job.state else {
            return None;
        };
        Some(Self {
            ending: Some(ending.name()),
            ..Self::of(Kind::CallbackEnded, job, at)
        })
    }

    fn of(kind: Kind, job: &Job, at: Timestamp) -> Self {
        Self {
            kind,
            job: job.wanted.id.as_str().to_owned(),
            phone: job.wanted.destination.phone().cloned(),
            at,
            number: None,
            operator: None,
            result: None,
            next: None,
            ending: None,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

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
            // Messages of one job go in their order, as those of one call do.
            call: format!("callback {}", self.job),
            kind: self.kind.name().to_owned(),
            caller: self.phone.clone(),
            made: self.at,
            attempts: 0,
            due: self.at,
        })
    }

    /// A job can begin anew, so its id is not enough. Without a dot: the signature is about
    /// "id.timestamp.body".
    fn id(&self) -> String {
        let number = self.number.unwrap_or(0);
        let at = self.at.as_millisecond();
        format!("{}.{number}.{}.{at}", self.job, self.kind.name()).replace('.', "-")
    }

    fn body(&self, id: &str) -> Result<String, serde_json::Error> {
        let result = self.result.as_ref();
        serde_json::to_string(&CloudEvent::new(
            (id, self.kind),
            &self.job,
            self.at,
            Data {
                callback: &self.job,
                phone: self.phone.as_ref().map(PhoneNumber::as_str),
                attempt: self.number,
                operator: self.operator.as_deref(),
                outcome: result.map(|result| match result.outcome {
                    Some(outcome) => outcome.name(),
                    None => "interrupted",
                }),
                cause: result.and_then(|result| result.cause),
                sip: result.and_then(|result| result.sip),
                seconds: result
                    .and_then(|result| result.talked)
                    .map(|time| time.as_secs()),
                next: self.next.map(|next| next.to_string()),
                ending: self.ending,
            },
        ))
    }
}
