//! From a job to what the switchboard is to do: whom it dials, what is said, how patient it is.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::config::{Accept, CallbackAttempt, Silence};
use crate::domain::callback::attempt::{self, Detection, Operators, Order, Patient, Policy};
use crate::domain::callback::briefing::{BriefingTexts, BriefingWording, Reason, Subject};
use crate::domain::callback::{Destination, Job};
use crate::domain::directory::{Endpoint, Entry};
use crate::domain::language::Language;
use crate::domain::language::names::NameDictionary;
use crate::domain::menu::template::Named;
use crate::domain::person::PersonName;

/// Where the number goes in the trunk's dial string.
const NUMBER: &str = "{number}";

/// How long the prompts may take to be made before anybody is rung.
const PROMPT_TIME: Duration = Duration::from_secs(10);

/// How much longer than the step that it covers a lease runs.
const LEASE_MARGIN: Duration = Duration::from_secs(3);

/// Makes orders.
pub(in crate::app) struct Orders {
    pub(in crate::app) settings: CallbackAttempt,
    /// The clock of those whose own is not known.
    pub(in crate::app) zone: TimeZone,
    /// What operators are spoken to in if the job does not say.
    pub(in crate::app) language: Language,
    /// The company's own forms of names.
    pub(in crate::app) names: NameDictionary,
    /// The company's own sentences, in that language.
    pub(in crate::app) texts: BriefingTexts,
}

impl Orders {
    /// The operators' queue.
    pub(super) fn queue(&self) -> &str {
        &self.settings.queue
    }

    /// What is to be done for a job, by its owner if it has one; `None` if nothing can be dialled for
    /// it.
    pub(super) fn order(
        &self,
        job: &Job,
        number: u32,
        owner: Option<(Entry, Option<Language>)>,
    ) -> Option<Order> {
        let settings = &self.settings;
        let (owner, language) = owner.unzip();
        let telephones = owner.iter().flat_map(Entry::telephones).cloned();
        Some(Order {
            job: job.wanted.id.clone(),
            number,
            patient: self.patient(job)?,
            operators: Operators {
                owner: telephones.collect(),
                queue: settings.queue.clone(),
                priority: settings.priority,
            },
            prompts: self.prompts(job, number, language.flatten()),
            policy: Policy {
                detection: match settings.accept {
                    Accept::Key => Detection::Key,
                    Accept::Amd => Detection::Amd,
                    Accept::Off => Detection::Off,
                },
                queue_time: settings.operator_time,
                briefing_after: settings.briefing_after,
                key_time: settings.key_time,
                silence: match settings.silence {
                    Silence::Postpone => attempt::Silence::Postpones,
                    Silence::Connect => attempt::Silence::Connects,
                },
                ring_time: settings.ring_time,
                prompt_time: PROMPT_TIME,
                lease_margin: LEASE_MARGIN,
            },
        })
    }

    fn patient(&self, job: &Job) -> Option<Patient> {
        let (endpoint, number) = match &job.wanted.destination {
            Destination::Phone(phone) => {
                let dialled = self.settings.trunk.replace(NUMBER, phone.as_str());
                (Endpoint::parse(&dialled).ok()?, phone.as_str())
            }
            Destination::Extension(extension) => {
                (Endpoint::of_extension(extension), extension.digits())
            }
        };
        let name = job.wanted.person.as_ref();
        Some(Patient {
            endpoint,
            number: number.to_owned(),
            name: name.map(PersonName::last_first).unwrap_or_default(),
            shown_number: self.settings.caller_id.clone().unwrap_or_default(),
            shown_name: String::new(),
        })
    }

    /// In the language of the job, else of its owner, else of the company.
    fn prompts(&self, job: &Job, number: u32, owners: Option<Language>) -> attempt::Prompts {
        let wanted = &job.wanted;
        let language = wanted.language.or(owners).unwrap_or(self.language);
        let mut wording = BriefingWording::new(language).with_dictionary(self.names.clone());
        if language == self.language {
            wording = wording.with_texts(self.texts.clone());
        }
        let zone = wanted.zone.as_ref().unwrap_or(&self.zone);
        let reason = said(wanted.reason.as_deref(), wanted.say.as_deref()).map(Reason::Other);
        wording.prompts(&Subject {
            patient: wanted.person.as_ref().map(|name| Named {
                name,
                gender: wanted.gender,
            }),
            appointment: wanted.appointment.map(|at| zone.to_datetime(at)),
            profession: wanted.specialist.as_deref(),
            specialist: None,
            reason: reason.as_ref(),
            attempt: number,
        })
    }
}

/// What the operator is told of why they call: the reason, and then the CRM's own words.
fn said(reason: Option<&str>, say: Option<&str>) -> Option<String> {
    match (reason, say) {
        (Some(reason), Some(say)) if reason != say => {
            let reason = reason.trim().trim_end_matches('.');
            Some(format!("{reason}. {say}"))
        }
        (reason, say) => say.or(reason).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_is_told_the_reason_and_then_the_words_of_the_crm() {
        let reason = Some("подтвердить приём.");
        let say = Some("Просит врача помоложе.");
        let both = "подтвердить приём. Просит врача помоложе.";
        assert_eq!(said(reason, say).as_deref(), Some(both));
        assert_eq!(said(reason, None).as_deref(), reason);
        assert_eq!(said(None, say).as_deref(), say);
        assert_eq!(said(say, say).as_deref(), say, "not twice");
        assert_eq!(said(None, None), None);
    }
}
