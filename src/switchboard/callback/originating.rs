//! Makes an attempt's two legs: the operator's through the queue or to the owner's telephones, the
//! patient's to theirs.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::performer::{PEER, noted, polite, whole_seconds};
use super::performer::{
    ANSWERED_OPERATOR, ANSWERED_PATIENT, OPERATORS, PATIENTS, Performer, courtesy, failure,
};
use super::resuming::{JOB, NUMBER};
use crate::ari::{Answered, ChannelState, Originate, RequestError};
use crate::domain::callback::attempt::{Cause, Departure, Detection, Event, Order, Step};
use crate::domain::prompt::Clip;

/// Where the far half of the operator's leg waits.
const QUEUE: &str = "queue";
const OWNER: &str = "owner";

/// What the dialplan runs when the operator's leg ends: it looks after the patient.
const OPERATOR_GONE: &str = "vizavi-callback-operator-gone,s,1";

/// What the dialplan runs when the patient's leg ends: it notes why, and looks after the operator.
const PATIENT_GONE: &str = "vizavi-callback-patient-gone,s,1";

/// The variable of the operator's leg in which the dialplan notes why the patient's ended.
const PATIENT_CAUSE: &str = "VIZAVI_PATIENT_CAUSE";

/// For how much longer than we wait Asterisk itself lets a leg ring, should we be gone.
const ASTERISKS_PATIENCE: Duration = Duration::from_secs(3);

impl Performer {
    pub(super) async fn originate_operator(
        &self,
        queue_time: Duration,
        detection: Detection,
        sorry: Option<Clip>,
    ) -> Option<Event> {
        let Order {
            job,
            number,
            patient,
            operators,
            ..
        } = &self.order;
        let listen = match detection {
            Detection::Amd => "amd",
            Detection::Off | Detection::Key => "",
        };
        let patience = whole_seconds(queue_time + ASTERISKS_PATIENCE);
        let owner = operators.dial_string();
        let far_half = match owner {
            Some(_) => OWNER,
            None => QUEUE,
        };
        let id = self.id.operator();
        let request = Originate {
            channel: id.clone(),
            endpoint: format!("Local/{far_half}@{OPERATORS}/n"),
            answered: place(OPERATORS, ANSWERED_OPERATOR),
            timeout_seconds: patience,
            caller_number: patient.number.clone(),
            caller_name: patient.name.clone(),
            originator: None,
            variables: variables([
                ("VIZAVI_OWNER", owner.unwrap_or_default()),
                ("VIZAVI_RING", patience.to_string()),
                (JOB, job.as_str().to_owned()),
                (NUMBER, number.to_string()),
                ("VIZAVI_QUEUE", operators.queue.clone()),
                ("VIZAVI_PRIORITY", operators.priority.to_string()),
                ("VIZAVI_DETECT", listen.to_owned()),
                ("VIZAVI_SORRY", dialplan_sound(sorry)),
                ("CHANNEL(hangup_handler_push)", OPERATOR_GONE.to_owned()),
            ]),
        };
        match self.originate(&request).await {
            Ok(name) => {
                self.ledger.operator.store(true, Ordering::Release);
                *lock(&self.ledger.operator_name) = name;
            }
            Err(error) => return failure(Step::OriginateOperator, Err(error)),
        }
        match self.requests.follow_channel(&id).await {
            Err(RequestError::Gone(_)) => Some(Event::OperatorLeft(Departure::HungUp)),
            followed => courtesy(followed),
        }
    }

    pub(super) async fn originate_patient(
        &self,
        ring_time: Duration,
        apology: Option<Clip>,
    ) -> Event {
        let Order {
            job,
            number,
            patient,
            operators,
            ..
        } = &self.order;
        let operator_name = lock(&self.ledger.operator_name).clone();
        let id = self.id.patient();
        let request = Originate {
            channel: id.clone(),
            endpoint: patient.endpoint.as_str().to_owned(),
            answered: place(PATIENTS, ANSWERED_PATIENT),
            timeout_seconds: whole_seconds(ring_time + ASTERISKS_PATIENCE),
            caller_number: patient.shown_number.clone(),
            caller_name: patient.shown_name.clone(),
            originator: None,
            variables: variables([
                (PEER, operator_name),
                (JOB, job.as_str().to_owned()),
                (NUMBER, number.to_string()),
                ("VIZAVI_QUEUE", operators.queue.clone()),
                ("VIZAVI_PRIORITY", operators.priority.to_string()),
                ("VIZAVI_APOLOGY", dialplan_sound(apology)),
                ("CHANNEL(hangup_handler_push)", PATIENT_GONE.to_owned()),
            ]),
        };
        let channel_name = match self.originate(&request).await {
            Ok(name) => name,
            Err(error) => return not_dialled(&error),
        };
        self.ledger.patient.store(true, Ordering::Release);
        match self.requests.follow_channel(&id).await {
            // It was refused before we could listen: the dialplan has noted why.
            Err(RequestError::Gone(_)) => Event::PatientEnded(self.noted_cause().await),
            followed => {
                polite(followed);
                // A telephone nearby may have been quicker than that.
                let seen = self.requests.channel(&id).await;
                let rings = seen.is_ok_and(|seen| seen.state == ChannelState::Ringing);
                Event::PatientDialled {
                    channel_name,
                    rings,
                }
            }
        }
    }

    /// Makes a channel, and gives Asterisk's name for it. Nothing is left of one that failed.
    async fn originate(&self, request: &Originate) -> Result<String, RequestError> {
        let originated = match self.requests.originate(request).await {
            // It may ring or not: Asterisk knows under the id that we chose.
            Err(RequestError::Unknown(_)) => self.requests.channel(&request.channel).await,
            certain => certain,
        };
        if let Err(RequestError::Unknown(_)) = &originated {
            self.hang_up(&request.channel).await;
        }
        originated.map(|channel| channel.name)
    }

    /// Without the SIP status, which no hangup handler knows.
    async fn noted_cause(&self) -> Cause {
        let operator = self.id.operator();
        let noted = self.requests.variable(&operator, PATIENT_CAUSE).await;
        let q850 = noted.ok().flatten().and_then(|cause| cause.parse().ok());
        Cause { q850, sip: None }
    }
}

fn place(context: &str, extension: &str) -> Answered {
    Answered::Dialplan {
        context: context.to_owned(),
        extension: extension.to_owned(),
    }
}

fn variables<const N: usize>(pairs: [(&str, String); N]) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

/// A clip as the dialplan's `Playback()` takes it. Empty where there is none.
fn dialplan_sound(clip: Option<Clip>) -> String {
    let media = clip.map(|clip| clip.media).unwrap_or_default();
    media.strip_prefix("sound:").unwrap_or(&media).to_owned()
}

/// Asterisk refuses to make a channel to a telephone that nobody has registered.
fn not_dialled(error: &RequestError) -> Event {
    match error {
        RequestError::Refused { .. } => {
            tracing::warn!(%error, "the patient's telephone can't be dialled");
            Event::PatientEnded(Cause::NOT_REGISTERED)
        }
        RequestError::Gone(_) | RequestError::NotSent(_) | RequestError::Unknown(_) => {
            let step = Step::OriginatePatient;
            Event::StepFailed {
                step,
                failure: noted(&step, error),
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
