//! What is told about calls that are over.

use serde::Serialize;
use utoipa::ToSchema;

use super::Moments;
use super::answers::{kind_word, spoken};
use crate::domain::call::{CallRecord, Departure, FallbackReason, LegEnding, Occurrence, Outcome};
use crate::domain::directory::Entry;
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{ClientId, EmployeeId};

/// A call that is over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub struct CallDocument {
    /// The call.
    id: String,
    /// When it came.
    time: String,
    /// The number; null if it was withheld.
    phone: Option<String>,
    /// The client, if the number was that of one alone.
    client: Option<String>,
    /// Whether the employee's telephone was given the caller's name.
    named: bool,
    /// `personal`, or `default` for those about whom nothing is known; null if there was no menu.
    menu: Option<&'static str>,
    /// Who was offered, in order.
    offered: Vec<PersonDocument>,
    /// Who was chosen, each time a choice was made.
    chosen: Vec<PersonDocument>,
    /// Who talked with the caller.
    talked: Option<PersonDocument>,
    /// How long they talked; null if nobody did.
    talked_seconds: Option<f64>,
    /// `talked`, `talks_on`, `callback_left`, `hung_up`, `fallback`, `stuck`.
    outcome: &'static str,
    /// Why the caller went to the fallback; null if they did not.
    reason: Option<&'static str>,
    /// From the call's arrival until it was over for vizavi.
    seconds: f64,
    /// What happened, in order; only where one call is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<StepDocument>>,
}

/// Somebody who was offered.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CallPerson)]
pub struct PersonDocument {
    /// Who.
    employee: String,
    /// What callers hear now; null if nobody with this id is known any more.
    name: Option<String>,
    /// The internal number, as it is now.
    extension: Option<String>,
}

/// One step of a call.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CallStep)]
pub struct StepDocument {
    /// Milliseconds since the call came.
    ms: u64,
    /// `came`, `offered`, `prompt`, `key`, `waits`, `callback_wanted`, `callback_kept`, `dialled`, `rings`, `answered`, `leg_ended`,
    /// `leg_released`, `talk_began`, `handed_on`, `taken_over`, `talk_ended`, `failed`, `stopping`, `to_fallback`,
    /// `released`, `left`.
    what: &'static str,
    /// Whom it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<PersonDocument>,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// How a leg ended, how the caller left, why they went to the fallback, what failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Tells of calls.
pub struct ToldCalls<'a> {
    /// Knows who somebody is.
    pub entry: &'a dyn Fn(&EmployeeId) -> Option<Entry>,
    /// Local time.
    pub moments: &'a Moments,
    /// In which order names are.
    pub language: Language,
}

impl ToldCalls<'_> {
    /// A call without its steps.
    #[must_use]
    pub fn call(&self, call: &CallRecord) -> CallDocument {
        let talked = call.talked.as_ref();
        let reason = call.outcome.reason();
        CallDocument {
            id: call.call.clone(),
            time: self.moments.write_time(call.at),
            phone: call
                .caller
                .as_ref()
                .map(PhoneNumber::as_str)
                .map(str::to_owned),
            client: call
                .client
                .as_ref()
                .map(ClientId::as_str)
                .map(str::to_owned),
            named: call.named,
            menu: call.menu.map(kind_word),
            offered: self.people(&call.offered),
            chosen: self.people(&call.chosen),
            talked: talked.map(|(employee, _)| self.person(employee)),
            talked_seconds: talked.map(|(_, time)| time.as_secs_f64()),
            outcome: Outcome::name(call.outcome),
            reason: reason.map(FallbackReason::name),
            seconds: call.length.as_secs_f64(),
            steps: None,
        }
    }

    /// A call with its steps.
    #[must_use]
    pub fn story(&self, call: &CallRecord) -> CallDocument {
        let steps = call.steps.iter().map(|moment| StepDocument {
            ms: u64::try_from(moment.at.as_millis()).unwrap_or(u64::MAX),
            ..self.step(&moment.what)
        });
        CallDocument {
            steps: Some(steps.collect()),
            ..self.call(call)
        }
    }

    fn people(&self, ids: &[EmployeeId]) -> Vec<PersonDocument> {
        ids.iter().map(|id| self.person(id)).collect()
    }

    fn person(&self, id: &EmployeeId) -> PersonDocument {
        let entry = (self.entry)(id);
        let entry = entry.as_ref();
        PersonDocument {
            employee: id.as_str().to_owned(),
            name: entry.map(|entry| spoken(&entry.name, self.language)),
            extension: entry.map(|entry| entry.extension.digits().to_owned()),
        }
    }

    fn step(&self, what: &Occurrence) -> StepDocument {
        let plain = |what: &'static str| StepDocument {
            what,
            ..StepDocument::default()
        };
        let about = |what: &'static str, who: &EmployeeId| StepDocument {
            people: vec![self.person(who)],
            ..plain(what)
        };
        let because = |what: &'static str, why: &str| StepDocument {
            why: Some(why.to_owned()),
            ..plain(what)
        };
        match what {
            Occurrence::Came => plain("came"),
            Occurrence::Offered(offered) => StepDocument {
                people: self.people(offered),
                ..plain("offered")
            },
            Occurrence::Prompt => plain("prompt"),
            Occurrence::Key(key) => StepDocument {
                key: Some(key.to_string()),
                ..plain("key")
            },
            Occurrence::Waits(who) => about("waits", who),
            Occurrence::CallbackWanted(who) => about("callback_wanted", who),
            Occurrence::CallbackKept(who) => about("callback_kept", who),
            Occurrence::Dialled(who) => about("dialled", who),
            Occurrence::Rings(who) => about("rings", who),
            Occurrence::Answered(who) => about("answered", who),
            Occurrence::LegEnded(who, why) => StepDocument {
                why: Some(ending_word(*why).to_owned()),
                ..about("leg_ended", who)
            },
            Occurrence::LegReleased(who) => about("leg_released", who),
            Occurrence::TalkBegan(who) => about("talk_began", who),
            Occurrence::HandedOn(who) => about("handed_on", who),
            Occurrence::TalkEnded => plain("talk_ended"),
            Occurrence::TakenOver => plain("taken_over"),
            Occurrence::Failed(step) => because("failed", &step.to_string()),
            Occurrence::Stopping => plain("stopping"),
            Occurrence::ToFallback(reason) => because("to_fallback", reason.name()),
            Occurrence::Released => plain("released"),
            Occurrence::Left(Departure::HungUp) => because("left", "hung_up"),
            Occurrence::Left(Departure::ToDialplan) => because("left", "to_dialplan"),
        }
    }
}

fn ending_word(ending: LegEnding) -> &'static str {
    match ending {
        LegEnding::NoAnswer => "no_answer",
        LegEnding::Busy => "busy",
        LegEnding::Refused => "refused",
        LegEnding::Unreachable => "unreachable",
        LegEnding::HungUp => "hung_up",
    }
}
