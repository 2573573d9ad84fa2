//! What is counted and timed while we work, for Prometheus. Whoever does something tells it here in
//! one line, as in the log; [`text`] is what Prometheus reads.
//!
//! Labels come from closed sets and from names of the settings: no caller, no client, no employee,
//! no number is ever in one.

mod all;
mod process;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::domain::call::Outcome;
use crate::domain::callback::Outcome as Attempted;
use crate::domain::callback::report::INTERRUPTED;
use crate::domain::health::Symptom;
use all::All;

/// What [`text`] is.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

static ALL: LazyLock<All> = LazyLock::new(All::new);

/// All of it, in the OpenMetrics text format.
#[must_use]
pub fn text() -> String {
    let mut text = String::new();
    // Only a writer that is full can fail, and a string never is.
    let _ = prometheus_client::encoding::text::encode(&mut text, &ALL.registry);
    text
}

/// A call, as long as it goes on.
pub(crate) struct CallUnderWay;

impl CallUnderWay {
    pub(crate) fn begin() -> Self {
        ALL.calls_under_way.inc();
        Self
    }
}

impl Drop for CallUnderWay {
    fn drop(&mut self) {
        ALL.calls_under_way.dec();
    }
}

/// A call has ended; `None` if it failed by a mistake of ours, and its supervisor had to act.
pub(crate) fn call_ended(outcome: Option<Outcome>) {
    let name = outcome.map_or(all::FAILED, Outcome::name);
    ALL.calls.get_or_create(&[("outcome", name)]).inc();
    if let Some(reason) = outcome.and_then(Outcome::reason) {
        let label = [("reason", reason.name())];
        ALL.fallbacks.get_or_create(&label).inc();
    }
}

/// A caller hears something, so many milliseconds after the call came.
pub(crate) fn first_sound(after: i64) {
    ALL.first_sound.observe(after as f64 / 1000.0);
}

/// A telephone rings, so many milliseconds after the key.
pub(crate) fn rings(after: i64) {
    ALL.rings.observe(after as f64 / 1000.0);
}

/// Whether Asterisk sends us events.
pub(crate) fn connected(connected: bool) {
    ALL.connected.set(connected.into());
}

/// Whether new calls come to us.
pub(crate) fn gate(is_open: bool) {
    ALL.gate_open.set(is_open.into());
}

/// Whether the dialplan does not have the fallback.
pub(crate) fn fallback_missing(missing: bool) {
    ALL.fallback_missing.set(missing.into());
}

/// The gate was closed.
pub(crate) fn gate_closed(symptom: Symptom) {
    let label = [("symptom", symptom.name())];
    ALL.gate_closed.get_or_create(&label).inc();
}

/// A request to Asterisk, as long as it waits.
pub(crate) struct AriRequest {
    about: &'static str,
    begun: Instant,
}

impl AriRequest {
    pub(crate) fn begin(about: &'static str) -> Self {
        ALL.ari_under_way.inc();
        Self {
            about,
            begun: Instant::now(),
        }
    }

    pub(crate) fn failed(&self, how: &'static str) {
        let labels = [("about", self.about), ("failure", how)];
        ALL.ari_failures.get_or_create(&labels).inc();
    }
}

impl Drop for AriRequest {
    fn drop(&mut self) {
        ALL.ari_under_way.dec();
        let label = [("about", self.about)];
        let time = self.begun.elapsed().as_secs_f64();
        ALL.ari_times.get_or_create(&label).observe(time);
    }
}

/// A clip was wanted, and was there or not.
pub(crate) fn clip(was_there: bool) {
    let result = if was_there { "hit" } else { "miss" };
    ALL.clips.get_or_create(&[("result", result)]).inc();
}

/// What the directory of phrases holds.
pub(crate) fn phrases_kept(phrases: u64, clips: u64, bytes: u64) {
    let kept = &ALL.cache_entries;
    kept.get_or_create(&[("kind", "phrase")])
        .set(gauge(phrases));
    kept.get_or_create(&[("kind", "clip")]).set(gauge(clips));
    ALL.cache_bytes.set(gauge(bytes));
}

/// A speech service was asked, and has spoken or not.
pub(crate) fn spoken(service: &str, well: bool) {
    let label = [("service", service.to_owned())];
    ALL.spoken.get_or_create(&label).inc();
    let failures = ALL.speech_failures.get_or_create_owned(&label);
    if !well {
        failures.inc();
    }
}

/// A message was sent to a webhook, and was taken or not.
pub(crate) fn sent(webhook: &str, was_taken: bool) {
    let label = [("webhook", webhook.to_owned())];
    ALL.sent.get_or_create(&label).inc();
    let failures = ALL.send_failures.get_or_create_owned(&label);
    if !was_taken {
        failures.inc();
    }
}

/// A group of changes was written to the store, or not.
pub(crate) fn written(took: Duration, well: bool) {
    ALL.store_writes.observe(took.as_secs_f64());
    if !well {
        ALL.store_failures.inc();
    }
}

/// What the store holds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) clients: u64,
    pub(crate) employees: u64,
    pub(crate) bytes: u64,
    pub(crate) waiting: u64,
    pub(crate) dead: u64,
    pub(crate) works: bool,
}

/// What the store holds now.
pub(crate) fn kept(kept: Kept) {
    ALL.clients.set(gauge(kept.clients));
    ALL.employees.set(gauge(kept.employees));
    ALL.store_bytes.set(gauge(kept.bytes));
    let messages = &ALL.messages;
    messages
        .get_or_create(&[("state", "waiting")])
        .set(gauge(kept.waiting));
    messages
        .get_or_create(&[("state", "dead")])
        .set(gauge(kept.dead));
    ALL.store_works.set(kept.works.into());
}

/// The people who are to be called back.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ToCallBack {
    pub(crate) due: u64,
    pub(crate) later: u64,
    pub(crate) running: u64,
}

/// The people who are to be called back now.
pub(crate) fn to_call_back(people: ToCallBack) {
    let states = [
        ("due", people.due),
        ("later", people.later),
        ("running", people.running),
    ];
    for (state, count) in states {
        let label = [("state", state)];
        ALL.callbacks.get_or_create(&label).set(gauge(count));
    }
}

/// An attempt to call somebody back has ended; `None` if it was interrupted.
pub(crate) fn attempted(outcome: Option<Attempted>) {
    let name = outcome.map_or(INTERRUPTED, Attempted::name);
    let label = [("outcome", name)];
    ALL.callback_attempts.get_or_create(&label).inc();
}

/// The CRM was asked who calls, and has answered in time or not.
pub(crate) fn crm_asked(answered: bool) {
    ALL.crm_questions.inc();
    if !answered {
        ALL.crm_failures.inc();
    }
}

/// A request of the contract was answered.
pub(crate) fn contract(status: u16) {
    let class = match status {
        100..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    ALL.contract.get_or_create(&[("status", class)]).inc();
}

fn gauge(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::call::FallbackReason;

    #[test]
    fn a_call_counts_by_its_outcome_and_a_fallback_by_its_reason() {
        let line = |name: &str| {
            let text = text();
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or(" 0").trim().parse::<u64>().unwrap()
        };
        let calls = "vizavi_calls_total{outcome=\"fallback\"}";
        let closed = "vizavi_fallbacks_total{reason=\"closed\"}";
        let before = (line(calls), line(closed));
        call_ended(Some(Outcome::Fallback(FallbackReason::Closed)));
        assert_eq!((line(calls), line(closed)), (before.0 + 1, before.1 + 1));
    }

    #[test]
    fn an_attempt_to_call_somebody_back_counts_by_its_outcome() {
        let line = |outcome: &str| {
            let name = format!("vizavi_callback_attempts_total{{outcome=\"{outcome}\"}}");
            let text = text();
            let line = text.lines().find_map(|line| line.strip_prefix(&name));
            line.unwrap().trim().parse::<u64>().unwrap()
        };
        let before = (line("machine"), line("interrupted"));
        attempted(Some(Attempted::Machine));
        attempted(None);
        let after = (line("machine"), line("interrupted"));
        assert_eq!(after, (before.0 + 1, before.1 + 1));
    }

    #[test]
    fn what_is_counted_is_there_from_the_start() {
        let text = text();
        for name in Outcome::NAMES {
            let line = format!("vizavi_calls_total{{outcome=\"{name}\"}}");
            assert!(text.contains(&line), "{line} in {text}");
        }
        for name in Attempted::ALL
            .map(Attempted::name)
            .into_iter()
            .chain([INTERRUPTED])
        {
            let line = format!("vizavi_callback_attempts_total{{outcome=\"{name}\"}}");
            assert!(text.contains(&line), "{line} in {text}");
        }
        assert!(text.contains("vizavi_fallbacks_total{reason=\"trouble\"}"));
        assert!(text.contains("vizavi_gate_closed_total{symptom=\"slow_asterisk\"}"));
        assert!(text.contains("process_resident_memory_bytes "));
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn each_number_says_what_it_is() {
        let text = text();
        let named = |line: &str| line.split([' ', '{']).next().unwrap_or_default().to_owned();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let name = named(line);
            let endings = ["_total", "_bucket", "_sum", "_count"];
            let family = endings.iter().find_map(|ending| name.strip_suffix(ending));
            let family = family.unwrap_or(&name);
            assert!(text.contains(&format!("# HELP {family} ")), "{line}");
        }
    }

    #[test]
    fn every_number_that_an_alert_is_about_is_there() {
        spoken("command", true);
        sent("crm", true);
        drop(AriRequest::begin("asterisk"));
        to_call_back(ToCallBack::default());
        let text = text();
        let rules = include_str!("../../packaging/vizavi-alerts.yml");
        let words = rules.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let names =
            words.filter(|word| word.starts_with("vizavi_") || word.starts_with("process_"));
        let mut count = 0;
        for name in names {
            let is_there = |line: &str| {
                line.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with([' ', '{']))
            };
            assert!(text.lines().any(is_there), "{name} in {text}");
            count += 1;
        }
        assert!(count > 10, "{count}");
    }

    #[test]
    fn a_request_that_is_given_up_is_not_under_way_any_more() {
        let before = ALL.ari_under_way.get();
        let request = AriRequest::begin("channel");
        drop(request);
        assert!(ALL.ari_under_way.get() <= before + 1);
    }
}
