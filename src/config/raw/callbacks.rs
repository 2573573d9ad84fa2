//! `[callbacks]`: who calls people back, when, how often, and whom not.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::callback_texts::RawCallbackTexts;
use super::{seconds, unplaced, within};
use crate::config::{Accept, CallbackAttempt, Callbacks, Silence};
use crate::crm::wire::working_hours;
use crate::domain::callback::dialling_policy::Prefix;
use crate::domain::callback::{DiallingPolicy, Hours, Limits, MOST_ATTEMPTS, Pauses, Rules};
use crate::toml_file::{FileError, TomlFile};

/// The longest pause, in minutes: a day.
const LONGEST_PAUSE: f64 = 24.0 * 60.0;

/// The longest time that a caller's wish is their employee's alone, in minutes: thirty days.
const LONGEST_OWNED: f64 = 30.0 * 24.0 * 60.0;

/// Where the number goes in `trunk`.
const NUMBER: &str = "{number}";

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCallbacks {
    queue: Spanned<String>,
    priority: Spanned<u32>,
    operator_seconds: Spanned<f64>,
    accept: RawAccept,
    silence: RawSilence,
    briefing_seconds: Spanned<f64>,
    key_seconds: Spanned<f64>,
    trunk: Spanned<String>,
    caller_id: String,
    ring_seconds: Spanned<f64>,
    hours: Spanned<String>,
    holidays: Spanned<Vec<Spanned<String>>>,
    attempts: Spanned<u32>,
    together: Spanned<usize>,
    reserve: Spanned<usize>,
    share: Spanned<f64>,
    allowed: Vec<Spanned<String>>,
    blocked: Vec<Spanned<String>>,
    digits: Spanned<[usize; 2]>,
    owner_minutes: Spanned<f64>,
    pause_minutes: RawPauses,
    texts: RawCallbackTexts,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawPauses {
    busy: Spanned<f64>,
    no_answer: Spanned<f64>,
    rejected: Spanned<f64>,
    unreachable: Spanned<f64>,
    no_operator: Spanned<f64>,
    postponed: Spanned<f64>,
    network: Spanned<f64>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawAccept {
    Key,
    Amd,
    Off,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawSilence {
    Postpone,
    Connect,
}

impl Default for RawCallbacks {
    fn default() -> Self {
        let prefixes = ["+73", "+74", "+78", "+79"];
        Self {
            queue: unplaced(String::new()),
            priority: unplaced(10),
            operator_seconds: unplaced(60.0),
            accept: RawAccept::Key,
            silence: RawSilence::Postpone,
            briefing_seconds: unplaced(5.0),
            key_seconds: unplaced(10.0),
            trunk: unplaced("PJSIP/{number}@trunk".to_owned()),
            caller_id: String::new(),
            ring_seconds: unplaced(40.0),
            hours: unplaced("daily 09:30-14:30".to_owned()),
            holidays: unplaced(Vec::new()),
            attempts: unplaced(3),
            together: unplaced(3),
            reserve: unplaced(1),
            share: unplaced(0.7),
            allowed: prefixes.map(|one| unplaced(one.to_owned())).to_vec(),
            blocked: Vec::new(),
            digits: unplaced([7, 15]),
            owner_minutes: unplaced(120.0),
            pause_minutes: RawPauses::default(),
            texts: RawCallbackTexts::default(),
        }
    }
}

impl Default for RawPauses {
    fn default() -> Self {
        Self {
            busy: unplaced(5.0),
            no_answer: unplaced(30.0),
            rejected: unplaced(60.0),
            unreachable: unplaced(60.0),
            no_operator: unplaced(5.0),
            postponed: unplaced(30.0),
            network: unplaced(5.0),
        }
    }
}

impl RawCallbacks {
    /// `None` if nobody is to make callbacks. Mistakes are told all the same.
    pub(super) fn check(
        self,
        zone: &TimeZone,
        file: &TomlFile,
    ) -> Result<Option<Callbacks>, FileError> {
        let share = within(file, "share", &self.share, 0.0, 1.0)?;
        let rules = Rules {
            hours: self.hours(file)?,
            zone: zone.clone(),
            pauses: self.pause_minutes.check(file)?,
            attempts: within(file, "attempts", &self.attempts, 1, MOST_ATTEMPTS)?,
            limits: Limits {
                together: within(file, "together", &self.together, 1, 1000)?,
                reserve: within(file, "reserve", &self.reserve, 0, 1000)?,
                share,
            },
            dialling: self.dialling(file)?,
        };
        let texts = self.texts.check(file)?;
        let owner = within(
            file,
            "owner_minutes",
            &self.owner_minutes,
            1.0,
            LONGEST_OWNED,
        )?;
        let attempt = self.attempt(file)?;
        let is_on = !attempt.queue.is_empty();
        Ok(is_on.then_some(Callbacks {
            rules,
            attempt,
            texts,
            owner_time: Duration::from_secs_f64(owner * 60.0),
        }))
    }

    fn hours(&self, file: &TomlFile) -> Result<Hours, FileError> {
        let mistake = |error: &dyn ToString| file.mistake(&self.hours.span(), error.to_string());
        let week = working_hours(self.hours.get_ref()).map_err(|error| mistake(&error))?;
        let mut holidays = BTreeSet::new();
        for holiday in self.holidays.get_ref() {
            let day: Date = holiday.get_ref().trim().parse().map_err(|_| {
                let message = format!(
                    "{:?} is not a day; write it as 2027-01-01",
                    holiday.get_ref()
                );
                file.mistake(&holiday.span(), message)
            })?;
            holidays.insert(day);
        }
        Hours::new(week, holidays).map_err(|error| mistake(&error))
    }

    fn dialling(&self, file: &TomlFile) -> Result<DiallingPolicy, FileError> {
        let prefixes = |texts: &[Spanned<String>]| {
            let prefixes = texts.iter().map(|text| {
                Prefix::parse(text.get_ref().trim()).map_err(|error| {
                    let message = format!("{:?}: {error}", text.get_ref());
                    file.mistake(&text.span(), message)
                })
            });
            prefixes.collect::<Result<Vec<_>, FileError>>()
        };
        let [least, most] = *self.digits.get_ref();
        if least > most || least == 0 || most > 15 {
            let message =
                "digits are the least and the most of a number, such as [11, 11]; 15 at most";
            return Err(file.mistake(&self.digits.span(), message));
        }
        Ok(DiallingPolicy {
            allowed: prefixes(&self.allowed)?,
            blocked: prefixes(&self.blocked)?,
            digits: least..=most,
        })
    }

    fn attempt(self, file: &TomlFile) -> Result<CallbackAttempt, FileError> {
        let trunk = self.trunk.get_ref().trim();
        if trunk.matches(NUMBER).count() != 1 || !trunk.contains('/') {
            let message =
                "trunk is a dial string with {number} in it, such as \"PJSIP/{number}@trunk\"";
            return Err(file.mistake(&self.trunk.span(), message));
        }
        let queue = self.queue.get_ref().trim();
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if !queue.chars().all(is_plain) {
            let message = "queue is the name of a queue in queues.conf, such as \"operators\"";
            return Err(file.mistake(&self.queue.span(), message));
        }
        Ok(CallbackAttempt {
            queue: queue.to_owned(),
            priority: within(file, "priority", &self.priority, 0, 1_000_000)?,
            operator_time: seconds(file, "operator_seconds", &self.operator_seconds, 600.0)?,
            accept: match self.accept {
                RawAccept::Key => Accept::Key,
                RawAccept::Amd => Accept::Amd,
                RawAccept::Off => Accept::Off,
            },
            silence: match self.silence {
                RawSilence::Postpone => Silence::Postpone,
                RawSilence::Connect => Silence::Connect,
            },
            briefing_after: seconds(file, "briefing_seconds", &self.briefing_seconds, 60.0)?,
            key_time: seconds(file, "key_seconds", &self.key_seconds, 60.0)?,
            trunk: trunk.to_owned(),
            caller_id: Some(self.caller_id.trim().to_owned()).filter(|id| !id.is_empty()),
            ring_time: seconds(file, "ring_seconds", &self.ring_seconds, 300.0)?,
        })
    }
}

impl RawPauses {
    fn check(&self, file: &TomlFile) -> Result<Pauses, FileError> {
        let minutes = |name: &str, value: &Spanned<f64>| {
            let minutes = within(file, name, value, 1.0, LONGEST_PAUSE)?;
            Ok(Duration::from_secs_f64(minutes * 60.0))
        };
        Ok(Pauses {
            busy: minutes("busy", &self.busy)?,
            no_answer: minutes("no_answer", &self.no_answer)?,
            rejected: minutes("rejected", &self.rejected)?,
            unreachable: minutes("unreachable", &self.unreachable)?,
            no_operator: minutes("no_operator", &self.no_operator)?,
            postponed: minutes("postponed", &self.postponed)?,
            network: minutes("network", &self.network)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::callback::DiallingPolicy;

    fn read(text: &str) -> Result<Option<Callbacks>, String> {
        let file = TomlFile::of("vizavi.toml", text);
        let raw: RawCallbacks = file.parse().map_err(|error| error.to_string())?;
        let checked = raw.check(&TimeZone::UTC, &file);
        checked.map_err(|error| error.to_string())
    }

    #[test]
    fn there_are_no_callbacks_until_somebody_is_named_to_make_them() {
        assert!(read("").unwrap().is_none());
        let callbacks = read("queue = \"operators\"");
        let callbacks = callbacks.unwrap().unwrap();
        assert_eq!(callbacks.rules.attempts, 3);
        assert_eq!(callbacks.rules.pauses, Pauses::default());
        assert_eq!(callbacks.rules.limits, Limits::default());
        assert_eq!(callbacks.rules.dialling, DiallingPolicy::default());
        assert_eq!(callbacks.attempt.ring_time, Duration::from_secs(40));
    }

    #[test]
    fn a_mistake_says_what_was_expected() {
        for (text, expected) in [
            ("hours = \"never\"", "these hours never open"),
            ("hours = \"\"", "hours"),
            ("hours = \"mon 25:00-26:00\"", "hours"),
            ("holidays = [\"1 January\"]", "write it as 2027-01-01"),
            ("attempts = 0", "attempts is 0; it must be 1 to 20"),
            ("share = 1.5", "share is 1.5; it must be 0 to 1"),
            ("trunk = \"PJSIP/trunk\"", "with {number} in it"),
            ("queue = \"operators,t\"", "queue is the name of a queue"),
            (
                "allowed = [\"8495\"]",
                "\"8495\": the beginning of a number",
            ),
            ("blocked = [\"+7 495\"]", "the beginning of a number"),
            ("digits = [12, 11]", "the least and the most"),
            (
                "accept = \"yes\"",
                "unknown variant `yes`, expected one of `key`, `amd`, `off`",
            ),
            (
                "owner_minutes = 0.5",
                "owner_minutes is 0.5; it must be 1 to 43200",
            ),
            (
                "pause_minutes.busy = 0.0",
                "busy is 0; it must be 1 to 1440",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(expected), "{text:?} gave {error:?}");
        }
    }
}
